/**
 * Whose a file of the host is, for every module that asks:
 *
 *     const owners = await findOwners('/', work, ['/usr/bin/ssh', '/etc/rc.local']);
 *     owners.of('/usr/bin/ssh'); // { kind: 'owned', by: [{ type: 'dpkg', name: 'openssh-client', arch: 'amd64' }] }
 *     owners.of('/etc/rc.local'); // { kind: 'none' }, or { kind: 'unknown' } where a database could not be read
 *
 * Ask about all files at once: each database is read once for a call, and the number of paths matters little. Links of
 * folders and merged /usr are followed; a link itself is the file. The receipt names all databases.
 */

import { Host, type HostWork } from '../files/host.ts';
import { toText } from '../files/latin1-text.ts';
import { readApk } from './apk/database.ts';
import { findListed } from './dpkg/file-lists.ts';
import type { PackageType } from './package-type.ts';
import { pacmanPaths, readPacman } from './pacman/database.ts';
import { PathQuestion } from './path-question.ts';
import { readRpm } from './rpm/database.ts';
import { tags } from './rpm/header.ts';

export interface FileOwner {
  readonly type: PackageType;
  readonly name: string;
  /** Where several architectures of a package may be installed. */
  readonly arch?: string;
}

export type Ownership =
  /** A folder belongs to many packages, and a file may to several. */
  | { readonly kind: 'owned'; readonly by: readonly FileOwner[] }
  /** No package has it. */
  | { readonly kind: 'none' }
  /** No package that could be read has it. */
  | { readonly kind: 'unknown' };

export interface OwnersWork extends HostWork {
  readonly signal: AbortSignal;
}

export class Owners {
  readonly #byPath: ReadonlyMap<string, readonly FileOwner[]>;
  readonly #isComplete: boolean;

  constructor(byPath: ReadonlyMap<string, readonly FileOwner[]>, isComplete: boolean) {
    this.#byPath = byPath;
    this.#isComplete = isComplete;
  }

  /** @param path as it was asked for. */
  of(path: string): Ownership {
    const by = this.#byPath.get(path);
    if (by !== undefined) return { kind: 'owned', by };
    return { kind: this.#isComplete ? 'none' : 'unknown' };
  }
}

/** A path of a package in Latin-1, with its owner. */
type Owned = readonly [path: string, owner: FileOwner];

function toDpkgOwner(list: string): FileOwner {
  const [name = '', arch] = list.split(':');
  return { type: 'dpkg', name, ...(arch === undefined ? {} : { arch }) };
}

async function* listOwned(host: Host, work: OwnersWork, asked: PathQuestion): AsyncGenerator<Owned> {
  for (const { list, place } of await findListed(host, work, asked)) yield [place, toDpkgOwner(list)];
  const isAsked = (path: string): boolean => asked.namesOf(path).length > 0;
  yield* readRpm(host, work, (header): readonly Owned[] => {
    const name = header.text(tags.name);
    if (name === undefined) return [];
    const arch = header.text(tags.arch);
    const owner: FileOwner = { type: 'rpm', name: toText(name), ...(arch === undefined ? {} : { arch: toText(arch) }) };
    return [...header.paths()].filter(isAsked).map((path): Owned => [path, owner]);
  });
  for (const one of readApk(host))
    for (const path of one.paths())
      if (isAsked(path)) yield [path, { type: 'apk', name: toText(one.values.get('P') ?? '') }];
  for await (const one of readPacman(host, work.signal))
    for (const path of pacmanPaths(host, one))
      if (isAsked(path)) yield [path, { type: 'pacman', name: toText(one.sections.get('NAME') ?? '') }];
}

/** @param paths absolute ones of the host, as functions of the system take them. */
export async function findOwners(root: string, work: OwnersWork, paths: readonly string[]): Promise<Owners> {
  const byPath = new Map<string, FileOwner[]>();
  if (paths.length === 0) return new Owners(byPath, true);
  let isComplete = true;
  const source: HostWork['findings']['source'] = (told) => {
    isComplete &&= told.complete;
    work.findings.source(told);
  };
  const { findings } = work;
  const watched = {
    ...work,
    findings: { skip: findings.skip.bind(findings), noteNaming: findings.noteNaming.bind(findings), source },
  };
  const host = new Host(root, watched);
  const asked = new PathQuestion(host, paths);
  for await (const [path, owner] of listOwned(host, watched, asked))
    for (const name of asked.namesOf(path)) {
      const owners = byPath.get(name);
      if (owners === undefined) byPath.set(name, [owner]);
      else owners.push(owner);
    }
  return new Owners(byPath, isComplete && !work.signal.aborted);
}
