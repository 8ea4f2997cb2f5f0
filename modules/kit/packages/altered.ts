/**
 * Whether files are as their packages brought them:
 *
 *     const owners = await findOwners('/', work, paths);
 *     const altered = await findAltered(host, work, paths, owners);
 *     altered.of('/usr/sbin/cron'); // 'same', 'altered'; 'unknown' where it could not be read, 'unsaid' where no package tells
 */
import type { Host, HostWork } from '../files/host.ts';
import { readApk } from './apk/database.ts';
import { expectedOfApk } from './apk/expected.ts';
import { readDpkg } from './dpkg/database.ts';
import { expectedOfDpkg } from './dpkg/expected.ts';
import type { Stanza } from './dpkg/stanza.ts';
import type { ExpectedFile } from './expected-file.ts';
import { LocalNames } from './local-names.ts';
import type { Owners } from './owners.ts';
import type { PackageType } from './package-type.ts';
import { pacmanExpected, readPacman } from './pacman/database.ts';
import { readNoExtract } from './pacman/no-extract.ts';
import { PathQuestion } from './path-question.ts';
import { readRpm } from './rpm/database.ts';
import { expectedOfRpm } from './rpm/expected.ts';
import { tags } from './rpm/header.ts';
import { type VerifyWork, verifyFiles } from './verify.ts';

type AlteredWork = VerifyWork & HostWork;
type Verdict = 'same' | 'altered' | 'unknown';

export class AlteredPaths {
  readonly #byPath: ReadonlyMap<string, Verdict>;

  constructor(byPath: ReadonlyMap<string, Verdict>) {
    this.#byPath = byPath;
  }

  /** @param path as it was asked for. */
  of(path: string): Verdict | 'unsaid' {
    return this.#byPath.get(path) ?? 'unsaid';
  }
}

/** Names of the packages of these files, by type. */
function namesByType(paths: readonly string[], owners: Owners): ReadonlyMap<PackageType, ReadonlySet<string>> {
  const names = new Map<PackageType, Set<string>>();
  for (const path of paths) {
    const owner = owners.of(path);
    for (const { type, name } of owner.kind === 'owned' ? owner.by : [])
      names.set(type, (names.get(type) ?? new Set()).add(name));
  }
  return names;
}

/** What these packages say of all their files. */
async function* listExpected(
  host: Host,
  work: AlteredWork,
  names: ReadonlyMap<PackageType, ReadonlySet<string>>,
): AsyncGenerator<Iterable<ExpectedFile>> {
  const isMeant = (type: PackageType, name = ''): boolean => names.get(type)?.has(name) === true;
  if (names.has('dpkg')) {
    const database = readDpkg(host, work.signal);
    const isWanted = (stanza: Stanza): boolean => isMeant('dpkg', stanza.package);
    for await (const { files } of expectedOfDpkg(host, work, database, isWanted)) yield files;
  }
  if (names.has('rpm')) {
    const local = new LocalNames(host);
    yield* readRpm(host, work, (header) =>
      isMeant('rpm', header.text(tags.name)) ? [[...expectedOfRpm(header, local)]] : [],
    );
  }
  if (names.has('apk'))
    for (const one of readApk(host)) if (isMeant('apk', one.values.get('P'))) yield expectedOfApk(one.paragraph);
  if (names.has('pacman')) {
    const isLeftOut = readNoExtract(host);
    for await (const one of readPacman(host, work.signal))
      if (isMeant('pacman', one.sections.get('NAME'))) yield pacmanExpected(host, one, isLeftOut);
  }
}

/** @param paths absolute ones of the host, of which `owners` knows the packages. */
export async function findAltered(
  host: Host,
  work: AlteredWork,
  paths: readonly string[],
  owners: Owners,
): Promise<AlteredPaths> {
  const asked = new PathQuestion(host, paths);
  const expected: ExpectedFile[] = [];
  for await (const files of listExpected(host, work, namesByType(paths, owners)))
    for (const file of files) if (asked.namesOf(file.path).length > 0) expected.push(file);
  const verdicts = await verifyFiles(host, expected, work);
  const byPath = new Map<string, Verdict>();
  for (const [index, file] of expected.entries()) {
    const kind = verdicts[index]?.kind ?? 'unknown';
    // Of several packages one may have it as it is.
    for (const path of asked.namesOf(file.path)) if (byPath.get(path) !== 'same') byPath.set(path, kind);
  }
  return new AlteredPaths(byPath);
}
