/** Packages of Ruby: a specification for each, which is a program, and is not run. */
import { basename } from 'node:path';
import { malformed } from '../../kit/files/malformed.ts';
import { type FoundPackage, isPlain } from './found-package.ts';

export const gemPath = /\/specifications\/(?:default\/)?[^/]+\.gemspec$/;

/** RubyGems itself reads no more when it lists them. */
export const stubBytes = 1024;

function toPackage(name: string, version: string, platform: string): FoundPackage {
  if (!isPlain(name) || !isPlain(version)) throw malformed('a name and a version', 'other text');
  return { type: 'gem', name, version, ...(platform === 'ruby' || !isPlain(platform) ? {} : { arch: platform }) };
}

/** @param bytes the first of the file. @throws CodedError `database-malformed` */
export function parseGemspec(path: string, bytes: Buffer): readonly FoundPackage[] {
  const head = bytes.toString('utf8', 0, stubBytes);
  // Written by RubyGems since 2.2: `# stub: nokogiri 1.15.4 x86_64-linux lib`.
  const stub = /^# stub: (\S+) (\d\S*) (\S+)/m.exec(head);
  if (stub !== null) return [toPackage(stub[1] ?? '', stub[2] ?? '', stub[3] ?? '')];
  const named = /^(.+)-(\d[\w.]*?)(?:-([A-Za-z].*))?\.gemspec$/.exec(basename(path));
  if (named === null) throw malformed('a name and a version in the name of the file', 'another');
  return [toPackage(named[1] ?? '', named[2] ?? '', named[3] ?? 'ruby')];
}
