/** Whether packages brought what makes something start, and what is started. */
import type { Host } from '../kit/files/host.ts';
import { toPath } from '../kit/files/latin1-text.ts';
import { findOwners, type Owners, type OwnersWork } from '../kit/packages/owners.ts';
import type { Kind, Ownedness, StartupEntry } from './entry.ts';
import { scriptOf } from './known-files.ts';
import type { Row } from './row.ts';

/** Columns for which the databases of packages are read: that costs as much as all the rest. */
export const ownershipColumns = ['package', 'targetpackage', 'owned', 'script'] as const;
type OwnershipPart = Pick<Row, (typeof ownershipColumns)[number]>;

/** Their links are made by programs such as systemctl and update-rc.d: such a link belongs to the package of its target. */
const linked: ReadonlySet<Kind> = new Set(['service', 'timer', 'socket', 'path', 'mount', 'target', 'rc', 'init']);

interface Owned {
  readonly verdict: Ownedness | null;
  /** Names of packages. */
  readonly packages: readonly string[];
}

/** The worst of both. */
function join(...verdicts: readonly (Ownedness | null)[]): Ownedness | null {
  if (verdicts.includes('altered')) return 'altered';
  if (verdicts.includes('none')) return 'none';
  return verdicts.includes(null) ? null : 'package';
}

/** Paths under which a package may have the file: its own name, and where links lead. */
class OwnedPaths {
  readonly #host: Host;
  readonly #resolved = new Map<string, string>();

  constructor(host: Host) {
    this.#host = host;
  }

  resolve(path: string): string {
    const known = this.#resolved.get(path) ?? this.#host.resolve(path) ?? path;
    this.#resolved.set(path, known);
    return known;
  }

  /** Highest first. */
  ofFile({ kind, path }: StartupEntry): readonly string[] {
    return linked.has(kind) && this.#host.linkAt(path) !== undefined ? [path, this.resolve(path)] : [path];
  }

  /** Empty where there is nothing that a package could have brought. */
  ofTarget({ target, path }: StartupEntry): readonly string[] {
    if (target === undefined) return [];
    const named = toPath(target);
    if (named === path) return [];
    const found = this.#host.status('startup', named);
    return found.state === 'there' && found.status.kind === 'file' ? [named, this.resolve(named)] : [];
  }
}

export class Ownership {
  readonly #owners: Owners;
  readonly #paths: OwnedPaths;

  private constructor(owners: Owners, paths: OwnedPaths) {
    this.#owners = owners;
    this.#paths = paths;
  }

  static async read(root: string, host: Host, work: OwnersWork, entries: readonly StartupEntry[]): Promise<Ownership> {
    const paths = new OwnedPaths(host);
    const all = new Set(entries.flatMap((entry) => [...paths.ofFile(entry), ...paths.ofTarget(entry)]));
    return new Ownership(await findOwners(root, work, [...all]), paths);
  }

  of(entry: StartupEntry): OwnershipPart {
    const file = this.#judge(this.#paths.ofFile(entry));
    const target = this.#judge(this.#paths.ofTarget(entry));
    const script = file.verdict === 'package' ? undefined : scriptOf(entry.path);
    return {
      owned: join(file.verdict, target.verdict),
      ...this.#name('package', file),
      ...this.#name('targetpackage', target),
      ...(script === undefined ? {} : { script }),
    };
  }

  #name(column: 'package' | 'targetpackage', { verdict, packages }: Owned): OwnershipPart {
    if (verdict === null) return { [column]: null };
    return packages.length === 0 ? {} : { [column]: packages.join(' ') };
  }

  /** The first of the paths that a package has. */
  #judge(paths: readonly string[]): Owned {
    if (paths.length === 0) return { verdict: 'package', packages: [] };
    const found = paths.map((path) => this.#owners.of(path));
    const owned = found.find((one) => one.kind === 'owned');
    if (owned?.kind === 'owned')
      return { verdict: 'package', packages: [...new Set(owned.by.map(({ name }) => name))] };
    return { verdict: found.some(({ kind }) => kind === 'unknown') ? null : 'none', packages: [] };
  }
}
