/** The packages of apk: one file with a paragraph for each, in lines of a letter and a value. @see apk-installed(5) */
import { join } from 'node:path';
import { readHostFile } from '../../kit/files/host-file.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import { SourceReport } from '../../kit/files/source-report.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';

const mostBytes = 64 * 1024 * 1024;
const places = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];

/** Files, scripts or attributes that could not be installed. */
const brokenFlags = /[fsx]/;

/** The values of a paragraph by letter; lines of files are passed over. */
function parseParagraph(paragraph: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [, letter = '', value = ''] of paragraph.matchAll(/^([PVAomf]):(.*)$/gm)) values.set(letter, value);
  return values;
}

function toRow(values: ReadonlyMap<string, string>): PackageRow | undefined {
  const [name, version, arch, source, maintainer, flags = ''] = ['P', 'V', 'A', 'o', 'm', 'f'].map((letter) =>
    values.get(letter),
  );
  if (name === undefined) return undefined;
  const isBroken = brokenFlags.test(flags);
  return {
    name: toText(name),
    ...(version === undefined ? {} : { version: toText(version) }),
    type: 'apk',
    ...(arch === undefined ? {} : { arch: toText(arch) }),
    status: isBroken ? 'broken' : 'installed',
    ...(isBroken ? { state: toText(`broken ${flags}`) } : {}),
    ...(source === undefined || source === name ? {} : { source: toText(source) }),
    ...(maintainer === undefined ? {} : { origin: toText(maintainer) }),
  };
}

/** A line `F:` has a folder, and lines `R:` behind it its files. */
function* pathsOf(paragraph: string): Generator<string> {
  let folder = '';
  for (const [, letter, name = ''] of paragraph.matchAll(/^([FR]):(.*)$/gm)) {
    if (letter === 'F') folder = name === '' ? '' : `/${name}`;
    else yield `${folder}/${name}`;
  }
}

/** @returns whether there is such a database. */
export function* listApk(
  root: string,
  { gate, findings, asked }: SourceWork,
  wanted: WantedFiles,
): Generator<PackageRow, boolean> {
  const report = new SourceReport(findings, 'apk');
  let isThere = false;
  for (const place of places) {
    const path = join(root, place);
    const file = readHostFile(gate, path, mostBytes);
    if (file.kind === 'unread' && file.reason === 'vanished') continue;
    isThere = true;
    if (file.kind === 'unread') {
      report.unread(path, file.reason);
      continue;
    }
    let count = 0;
    for (const paragraph of file.bytes.toString('latin1').split('\n\n')) {
      const row = toRow(parseParagraph(paragraph));
      if (row === undefined) continue;
      count += 1;
      // apk writes no time down.
      yield asked.has('installed') ? { ...row, installed: null } : row;
      if (!wanted.isEmpty) for (const path of pathsOf(paragraph)) yield* wanted.rowsOf(row, path);
    }
    report.read(path, count, file.bytes.length > 0 && file.bytes.at(-1) !== 0x0a ? 'read-error' : undefined);
    // A newer system has one of the two as a link to the other.
    break;
  }
  return isThere;
}
