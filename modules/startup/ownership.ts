/** Whether packages brought what makes something start, and what is started. */
import type { Host } from '../kit/files/host.ts';
import { toPath } from '../kit/files/latin1-text.ts';
import type { SourceWork } from '../kit/listing/run-listing.ts';
import { type AlteredPaths, findAltered } from '../kit/packages/altered.ts';
import { findOwners, type Owners } from '../kit/packages/owners.ts';
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
  readonly #altered: AlteredPaths;
  readonly #paths: OwnedPaths;

  private constructor(owners: Owners, altered: AlteredPaths, paths: OwnedPaths) {
    this.#owners = owners;
    this.#altered = altered;
    this.#paths = paths;
  }

  static async read(root: string, host: Host, work: SourceWork, entries: readonly StartupEntry[]): Promise<Ownership> {
    const paths = new OwnedPaths(host);
    const all = [...new Set(entries.flatMap((entry) => [...paths.ofFile(entry), ...paths.ofTarget(entry)]))];
    const owners = await findOwners(root, work, all);
    const owned = all.filter((path) => owners.of(path).kind === 'owned');
    return new Ownership(owners, await findAltered(host, work, owned, owners), paths);
  }

  of(entry: StartupEntry): OwnershipPart {
    const file = this.#judge(this.#paths.ofFile(entry));
    const target = this.#judge(this.#paths.ofTarget(entry));
    const script = file.packages.length > 0 ? undefined : scriptOf(entry.path);
    return {
      owned: join(file.verdict, target.verdict),
      ...this.#name('package', file),
      ...this.#name('targetpackage', target),
      ...(script === undefined ? {} : { script }),
    };
  }

  #name(column: 'package' | 'targetpackage', { verdict, packages }: Owned): OwnershipPart {
    if (packages.length > 0) return { [column]: packages.join(' ') };
    return verdict === null ? { [column]: null } : {};
  }

  /** The first of the paths that a package has. */
  #judge(paths: readonly string[]): Owned {
    if (paths.length === 0) return { verdict: 'package', packages: [] };
    for (const path of paths) {
      const owner = this.#owners.of(path);
      if (owner.kind !== 'owned') continue;
      const change = this.#altered.of(path);
      const verdict = change === 'altered' ? change : change === 'unknown' ? null : 'package';
      return { verdict, packages: [...new Set(owner.by.map(({ name }) => name))] };
    }
    const isUnknown = paths.some((path) => this.#owners.of(path).kind === 'unknown');
    return { verdict: isUnknown ? null : 'none', packages: [] };
  }
}
