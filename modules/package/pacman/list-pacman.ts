/** The packages of pacman: a folder for each, whose file `desc` has sections `%NAME%` with their values below. */
import { join } from 'node:path';
import { readHostFile } from '../../kit/files/host-file.ts';
import { listHostFolder } from '../../kit/files/host-folder.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import { SourceReport } from '../../kit/files/source-report.ts';
import { Breather } from '../../kit/listing/breather.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';

const place = 'var/lib/pacman/local';
const mostPackages = 100_000;
/** A description has a few kilobytes. */
const mostBytes = 4 * 1024 * 1024;
const mostListBytes = 64 * 1024 * 1024;

/** The first value of each section. */
function parseSections(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^%([A-Z0-9]+)%\n(.+)$/gm)) sections.set(name, value);
  return sections;
}

function toRow(sections: ReadonlyMap<string, string>): PackageRow | undefined {
  const [name, version, arch, base, packager] = ['NAME', 'VERSION', 'ARCH', 'BASE', 'PACKAGER'].map((one) =>
    sections.get(one),
  );
  if (name === undefined) return undefined;
  const date = sections.get('INSTALLDATE') ?? '';
  return {
    name: toText(name),
    ...(version === undefined ? {} : { version: toText(version) }),
    type: 'pacman',
    ...(arch === undefined ? {} : { arch: toText(arch) }),
    status: 'installed',
    ...(base === undefined || base === name ? {} : { source: toText(base) }),
    ...(packager === undefined ? {} : { origin: toText(packager) }),
    installed: /^\d{1,12}$/.test(date) ? Number(date) * 1000 : null,
  };
}

/** The lines below `%FILES%`; those of folders end with a slash. */
function* pathsOf(text: string): Generator<string> {
  const [, files = ''] = /(?:^|\n)%FILES%\n([^%]*)/.exec(text) ?? [];
  for (const line of files.split('\n')) if (line !== '') yield `/${line.replace(/\/$/, '')}`;
}

/** @returns whether there is such a database. */
export async function* listPacman(
  root: string,
  work: SourceWork,
  wanted: WantedFiles,
): AsyncGenerator<PackageRow, boolean> {
  const { gate, findings, signal } = work;
  const report = new SourceReport(findings, 'pacman');
  const folder = join(root, place);
  const listed = listHostFolder(folder, mostPackages);
  if (listed.kind === 'unread') {
    if (listed.reason === 'vanished') return false;
    report.unread(folder, listed.reason);
    return true;
  }
  let count = 0;
  let gap = listed.cut;
  const breather = new Breather();
  for (const name of listed.names) {
    if (breather.isDue) await breather.breathe();
    if (signal.aborted) break;
    const file = readHostFile(gate, join(folder, name, 'desc'), mostBytes);
    // Beside the packages there is a file with the version of the database.
    if (name === 'ALPM_DB_VERSION') continue;
    const row = file.kind === 'unread' ? undefined : toRow(parseSections(file.bytes.toString('latin1')));
    if (row === undefined) {
      gap = file.kind === 'unread' ? file.reason : 'read-error';
      continue;
    }
    count += 1;
    yield row;
    if (wanted.isEmpty) continue;
    const files = readHostFile(gate, join(folder, name, 'files'), mostListBytes);
    if (files.kind === 'unread') gap = files.reason;
    else for (const path of pathsOf(files.bytes.toString('latin1'))) yield* wanted.rowsOf(row, path);
  }
  report.read(folder, count, gap);
  return true;
}
