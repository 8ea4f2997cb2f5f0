/** Configuration files of mechanisms: read within limits, some hidden by others of the same name. */
import { listNamedFiles as listFiles, type NamedFile } from '../../kit/files/drop-ins.ts';
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

/** As the kit lists them, with each folder that has some in the receipt. */
export function listNamedFiles(
  host: Host,
  kind: string,
  folders: readonly string[],
  names: RegExp,
): readonly NamedFile[] {
  return listFiles(host, kind, folders, names, (folder, count) => {
    if (count > 0) host.report(kind, folder, count);
  }).files;
}
