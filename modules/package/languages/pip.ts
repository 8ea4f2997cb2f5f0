/** Packages of Python, by their metadata. @see https://packaging.python.org/en/latest/specifications/core-metadata/ */
import { malformed } from '../../kit/files/malformed.ts';
import { type FoundPackage, isPlain } from './found-package.ts';

export const pipPath = /\.dist-info\/METADATA$|(?:\.egg-info|\/EGG-INFO)\/PKG-INFO$|\.egg-info$/;

/** A description may follow, which can be long. */
export const metadataBytes = 64 * 1024;

/** @param bytes the first of the file. @throws CodedError `database-malformed` */
export function parseMetadata(bytes: Buffer): readonly FoundPackage[] {
  const text = bytes.toString('utf8', 0, metadataBytes);
  const [head = ''] = text.split(/\r?\n\r?\n/, 1);
  const read = (field: string): string | undefined =>
    new RegExp(`^${field}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(head)?.[1];
  const [name = '', version = ''] = [read('Name'), read('Version')];
  if (!isPlain(name)) throw malformed('metadata with a name', `${bytes.length} other bytes`);
  return [{ type: 'pip', name, version: isPlain(version) ? version : null }];
}

/** The name by which all its spellings go. @see https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalizeName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}
