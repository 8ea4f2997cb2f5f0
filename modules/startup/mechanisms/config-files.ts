/** Configuration files of mechanisms: read within limits, some hidden by others of the same name. */
import { join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';

/** A larger file is not read. */
const mostFileBytes = 4 * 1024 * 1024;
/** Of one file; beyond it entries are left out, which the receipt says. */
const mostEntries = 10_000;

type Parse<Found> = (text: string) => Iterable<Found>;

function take<Found>(host: Host, kind: string, path: string, parse: Parse<Found>, isNamed: boolean): Found[] {
  const file = host.read(kind, path, { most: mostFileBytes });
  if (file.state !== 'read') return [];
  const entries: Found[] = [];
  for (const entry of parse(file.bytes.toString('latin1'))) {
    if (entries.length === mostEntries) {
      file.report(entries.length, 'size-limit');
      return entries;
    }
    entries.push(entry);
  }
  if (isNamed) file.report(entries.length);
  return entries;
}

/** What `parse` makes of a file's text, which is in Latin-1. @param kind of the source, for the receipt. */
export function readEntries<Found>(host: Host, kind: string, path: string, parse: Parse<Found>): Found[] {
  return take(host, kind, path, parse, true);
}

/** The same for a file of a folder that is in the receipt: it is named there only if there is a gap. */
export function readListedEntries<Found>(host: Host, kind: string, path: string, parse: Parse<Found>): Found[] {
  return take(host, kind, path, parse, false);
}

/** The first of several names of one folder: /lib is a link to /usr/lib on many hosts. */
function toDistinctFolders(host: Host, folders: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const folder of folders) {
    const place = host.resolve(folder) ?? folder;
    if (!known.has(place)) known.set(place, folder);
  }
  return [...known.values()];
}

export interface NamedFile {
  readonly name: string;
  readonly path: string;
  /** Whether a file of the same name in a folder before is used instead. */
  readonly isMasked: boolean;
}

/** @param folders the first one that has a name wins. A link to /dev/null takes a name away. */
export function listNamedFiles(host: Host, kind: string, folders: readonly string[], names: RegExp): NamedFile[] {
  const found: NamedFile[] = [];
  const taken = new Set<string>();
  for (const folder of toDistinctFolders(host, folders)) {
    const here = host.list(kind, folder).filter((name) => names.test(name));
    if (here.length > 0) host.report(kind, folder, here.length);
    for (const name of here) {
      const path = join(folder, name);
      if (host.linkAt(path) !== '/dev/null') found.push({ name, path, isMasked: taken.has(name) });
      taken.add(name);
    }
  }
  return found;
}
