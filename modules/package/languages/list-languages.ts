/** Packages of languages below some folders: one walk finds the files of all kinds. */
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host } from '../../kit/files/host.ts';
import { toUnread } from '../../kit/files/host-file.ts';
import { toLatin1, toText } from '../../kit/files/latin1-text.ts';
import { isMalformed } from '../../kit/files/malformed.ts';
import { Breather } from '../../kit/listing/breather.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { findOwners, type Owners } from '../../kit/packages/owners.ts';
import type { PackageRow } from '../columns.ts';
import { type WalkedFile, walkFiles } from '../files/walk.ts';
import { type LanguageType, languageTypes } from '../package-types.ts';
import { type LanguageQuestion, toLanguageQuestion } from './asked.ts';
import type { FoundPackage } from './found-package.ts';
import { type FileKind, fileKinds } from './kinds.ts';

/** Held in memory until their owners are known. */
const mostFiles = 200_000;
const mostPackages = 200_000;

interface Found {
  readonly file: WalkedFile;
  readonly packages: readonly FoundPackage[];
}

/** What was read of one kind below one root. */
interface Tally {
  packages: number;
  gap?: SkipReason;
}

class Reader {
  readonly found: Found[] = [];
  readonly #host: Host;
  readonly #question: LanguageQuestion;
  readonly #tallies = new Map<string, Tally>();
  #packages = 0;

  constructor(host: Host, question: LanguageQuestion) {
    this.#host = host;
    this.#question = question;
  }

  /** The first kind that has packages in it. */
  read(file: WalkedFile, kinds: readonly FileKind[]): void {
    for (const kind of kinds) {
      const { packages, gap } = this.#readAs(file.path, kind);
      const wanted = packages.filter(({ type }) => this.#question.types.has(type));
      for (const type of kind.types) {
        const own = wanted.filter((one) => one.type === type);
        // A damaged program is of no certain language: its reader's first.
        this.#count(file.path, type, own.length, type === kind.types[0] ? gap : undefined);
      }
      if (wanted.length > 0) this.found.push({ file, packages: wanted });
    }
  }

  #count(path: string, type: LanguageType, packages: number, gap: SkipReason | undefined): void {
    if (packages === 0 && gap === undefined) return;
    const root = this.#question.roots.find((one) => path.startsWith(`${one.replace(/\/+$/, '')}/`)) ?? '/';
    const key = `${type} ${root}`;
    const tally = this.#tallies.get(key) ?? { packages: 0 };
    this.#tallies.set(key, tally);
    tally.packages += packages;
    if (gap !== undefined) tally.gap ??= gap;
    this.#packages += packages;
  }

  get isFull(): boolean {
    return this.#packages >= mostPackages;
  }

  #readAs(path: string, kind: FileKind): { readonly packages: readonly FoundPackage[]; readonly gap?: SkipReason } {
    const file = this.#host.open(path);
    if (file.kind === 'unread') return { packages: [], ...(file.reason === 'vanished' ? {} : { gap: file.reason }) };
    try {
      const { packages, isCut = false } = kind.read(file, path);
      return { packages, ...(isCut ? { gap: 'size-limit' } : {}) };
    } catch (error) {
      return { packages: [], gap: isMalformed(error) ? 'read-error' : toUnread(error).reason };
    } finally {
      file.close();
    }
  }

  /** Names each kind and root in the receipt, and roots without packages. */
  report(): void {
    for (const root of this.#question.roots) {
      const own = languageTypes.flatMap((type) => {
        const tally = this.#tallies.get(`${type} ${root}`);
        return tally === undefined ? [] : [{ type, ...tally }];
      });
      for (const { type, packages, gap } of own) this.#host.report(type, root, packages, gap);
      if (own.length === 0) this.#host.report('languages', root, 0);
    }
  }
}

/** Undefined when a database could not be read. @returns `dpkg python3-yaml` */
function toOwner(owners: Owners, path: string): string | null | undefined {
  const owned = owners.of(path);
  if (owned.kind === 'unknown') return null;
  return owned.kind === 'none' ? undefined : owned.by.map(({ type, name }) => `${type} ${name}`).join(', ');
}

function* toRows({ file, packages }: Found, owners: Owners): Generator<PackageRow> {
  const owner = toOwner(owners, file.path);
  for (const { name, version, type, arch, inside } of packages)
    yield {
      name: toText(toLatin1(name)),
      version: version === null ? null : toText(toLatin1(version)),
      type,
      ...(arch === undefined ? {} : { arch: toText(toLatin1(arch)) }),
      status: 'installed',
      path: file.printed,
      ...(inside === undefined ? {} : { inside: toText(toLatin1(inside)) }),
      ...(owner === undefined ? {} : { owner }),
    };
}

/** The folders that are there. */
function existing(host: Host, roots: readonly string[]): readonly string[] {
  return roots.filter((root) => host.status('languages', root).state !== 'absent');
}

/** @param root of the host's files. @returns whether there are such packages */
export async function* listLanguages(root: string, host: Host, work: SourceWork): AsyncGenerator<PackageRow, boolean> {
  const question = toLanguageQuestion(work.searches);
  const kinds = fileKinds.filter(({ types }) => types.some((type) => question.types.has(type)));
  const roots = existing(host, question.roots);
  if (kinds.length === 0 || roots.length === 0) return false;
  const walk = { folders: roots, checks: kinds.map(({ checks }) => checks), most: mostFiles };
  const reader = new Reader(host, { ...question, roots });
  const breather = new Breather();
  const walked = [...(await walkFiles(host, walk, work))].sort((a, b) => (a.path < b.path ? -1 : 1));
  const all = new Set(walked.map(({ path }) => path));
  for (const file of walked) {
    if (breather.isDue) await breather.breathe();
    if (work.signal.aborted || reader.isFull) break;
    // What a link leads to is found in its own place.
    const meant = file.isLink ? [] : file.passes.flatMap((index) => kinds[index] ?? []);
    reader.read(
      file,
      meant.filter(({ isMeant }) => isMeant(file.path, all)),
    );
  }
  if (reader.isFull) {
    work.findings.skip('size-limit');
    work.findings.note(`there are more than ${mostPackages} packages of languages: ask about fewer folders`);
  }
  reader.report();
  const paths = reader.found.map(({ file }) => file.path);
  const owners = await findOwners(root, work, paths);
  for (const found of reader.found) yield* toRows(found, owners);
  return reader.found.length > 0;
}
