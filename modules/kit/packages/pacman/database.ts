/** What pacman knows of packages: a folder for each, whose files have sections `%NAME%` with their values below. */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Host } from '../../files/host.ts';
import { Breather } from '../../listing/breather.ts';
import type { ExpectedFile } from '../expected-file.ts';
import { expectedOfMtree, unpackMtree } from './mtree.ts';

const folder = '/var/lib/pacman/local';
const mostPackages = 100_000;
/** A description has a few kilobytes. */
const most = 4 * 1024 * 1024;
const mostListBytes = 64 * 1024 * 1024;

export interface PacmanPackage {
  /** Of the package, below the folder of all. */
  readonly folder: string;
  /** The first value of each section, in Latin-1. */
  readonly sections: ReadonlyMap<string, string>;
}

function parseSections(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^%([A-Z0-9]+)%\n(.+)$/gm)) sections.set(name, value);
  return sections;
}

/** What the package says of its files; none when the receipt says why. @param isLeftOut by the path of a file. */
export function* pacmanExpected(
  host: Host,
  one: PacmanPackage,
  isLeftOut: (path: string) => boolean,
): Generator<ExpectedFile> {
  const path = `${folder}/${one.folder}/mtree`;
  const file = host.read('pacman-digests', path, { isRequired: true, most: mostListBytes });
  if (file.state !== 'read') return;
  const text = unpackMtree(file.bytes);
  if (text === undefined) return file.report(0, 'read-error');
  const backups = host.readOne(`${folder}/${one.folder}/files`, mostListBytes);
  const listed = backups.kind === 'unread' ? '' : backups.bytes.toString('latin1');
  const [, lines = ''] = /(?:^|\n)%BACKUP%\n([^%]*)/.exec(listed) ?? [];
  const configs = new Set(lines.split('\n').map((line) => `/${line.split('\t', 1)[0]}`));
  for (const expected of expectedOfMtree(text, (path) => configs.has(path)))
    yield isLeftOut(expected.path) ? { ...expected, mayBeMissing: true } : expected;
}

/** The files of a package, in Latin-1; none when the receipt says why. */
export function* pacmanPaths(host: Host, one: PacmanPackage): Generator<string> {
  const file = host.read('pacman-files', `${folder}/${one.folder}/files`, { isRequired: true, most: mostListBytes });
  if (file.state !== 'read') return;
  const [, files = ''] = /(?:^|\n)%FILES%\n([^%]*)/.exec(file.bytes.toString('latin1')) ?? [];
  for (const line of files.split('\n')) if (line !== '') yield `/${line.replace(/\/$/, '')}`;
}

/** @returns whether there is such a database. */
export async function* readPacman(host: Host, signal: AbortSignal): AsyncGenerator<PacmanPackage, boolean> {
  const names = host.list('pacman', folder);
  if (names.length === 0) return false;
  let count = 0;
  let gap: SkipReason | undefined = names.length >= mostPackages ? 'size-limit' : undefined;
  const breather = new Breather();
  for (const name of names) {
    if (breather.isDue) await breather.breathe();
    if (signal.aborted) break;
    // Beside the packages there is a file with the version of the database.
    if (name === 'ALPM_DB_VERSION') continue;
    const file = host.readOne(`${folder}/${name}/desc`, most);
    const sections = file.kind === 'unread' ? undefined : parseSections(file.bytes.toString('latin1'));
    if (sections?.has('NAME')) {
      count += 1;
      yield { folder: name, sections };
    } else gap = file.kind === 'unread' ? file.reason : 'read-error';
  }
  host.report('pacman', folder, count, gap);
  return true;
}
