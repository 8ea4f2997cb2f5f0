/** Configuration in several folders: of files with one name, that of the first folder counts. @see sysctl.d(5) */
import { join } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host } from './host.ts';

export interface NamedFile {
  readonly name: string;
  readonly path: string;
  /** Whether a file of the same name in a folder before is used instead. */
  readonly isMasked: boolean;
}

interface NamedFiles {
  /** By folder. A link to /dev/null, which takes a name away, is left out. */
  readonly files: readonly NamedFile[];
  /** Why there may be more. */
  readonly gap?: SkipReason;
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

/**
 * @param kind of the source, for the receipt.
 * @param folders with the strongest first.
 * @param onFolder gets the number of such names in each folder.
 */
export function listNamedFiles(
  host: Host,
  kind: string,
  folders: readonly string[],
  names: RegExp,
  onFolder?: (folder: string, count: number) => void,
): NamedFiles {
  const files: NamedFile[] = [];
  const taken = new Set<string>();
  let gap: SkipReason | undefined;
  for (const folder of toDistinctFolders(host, folders)) {
    const listed = host.listFolder(kind, folder);
    gap ??= listed.gap;
    const here = listed.names.filter((name) => names.test(name));
    onFolder?.(folder, here.length);
    for (const name of here) {
      const path = join(folder, name);
      if (host.linkAt(path) !== '/dev/null') files.push({ name, path, isMasked: taken.has(name) });
      taken.add(name);
    }
  }
  return { files, ...(gap === undefined ? {} : { gap }) };
}

interface DropIns {
  /** Of the files that count, sorted by their names. */
  readonly paths: readonly string[];
  /** Why there may be more. */
  readonly gap?: SkipReason;
}

/** The files that count, as for `listNamedFiles`. */
export function listDropIns(
  host: Host,
  kind: string,
  folders: readonly string[],
  names: RegExp = /^[^.].*\.conf$/s,
): DropIns {
  const { files, gap } = listNamedFiles(host, kind, folders, names);
  const byName = new Map(files.flatMap(({ name, path, isMasked }) => (isMasked ? [] : [[name, path] as const])));
  const paths = [...byName.keys()].sort().map((name) => byName.get(name) ?? '');
  return { paths, ...(gap === undefined ? {} : { gap }) };
}
