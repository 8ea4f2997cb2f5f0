/** The unit files of a search path, each read once. */
import { basename, dirname, join } from 'node:path';
import type { Host } from '../files/host.ts';
import type { SearchFolder } from './search-folders.ts';
import { UnitFolder } from './unit-folder.ts';
import { parseUnitText, type UnitText } from './unit-text.ts';

/** The largest known unit file has 20 KB. */
const mostBytes = 4 * 1024 * 1024;

export type UnitFile =
  | { readonly kind: 'text'; readonly text: UnitText }
  | { readonly kind: 'link'; readonly target: string }
  /** An empty file or a device: the unit is masked. */
  | { readonly kind: 'mask' }
  | { readonly kind: 'absent' }
  /** A folder, a socket. */
  | { readonly kind: 'broken' }
  /** It could not be read, which the receipt says. */
  | { readonly kind: 'unknown' };

export class UnitFiles {
  readonly folders: readonly UnitFolder[];
  readonly #host: Host;
  readonly #kind: string;
  readonly #known = new Map<string, UnitFile>();
  readonly #dropIns = new Map<string, readonly string[]>();
  /** Names that a folder of drop-ins has in one of the folders. */
  readonly #dropInFolders: ReadonlySet<string>;

  /** @param kind of the source, for the receipt. */
  constructor(host: Host, kind: string, search: readonly SearchFolder[]) {
    this.#host = host;
    this.#kind = kind;
    const folders = new Map<string, SearchFolder>();
    for (const folder of search) {
      const path = host.resolve(folder.path);
      if (path !== undefined && !folders.has(path)) folders.set(path, { ...folder, path });
    }
    this.folders = [...folders.values()].map((folder) => new UnitFolder(host, kind, folder));
    const names = this.folders.flatMap(({ kinds }) => [...kinds.keys()]);
    this.#dropInFolders = new Set(names.filter((name) => name.endsWith('.d')));
  }

  /** The file itself: a link is not followed. @param path without links but the last. */
  readOne(path: string): UnitFile {
    const target = this.#host.linkAt(path);
    return target === undefined ? this.read(path) : { kind: 'link', target };
  }

  /** Links are followed. */
  read(path: string): UnitFile {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const file = this.#readNew(path);
    this.#known.set(path, file);
    return file;
  }

  #readNew(path: string): UnitFile {
    const file = this.#host.readOne(path, mostBytes);
    if (file.kind === 'whole')
      return file.bytes.length === 0 ? { kind: 'mask' } : { kind: 'text', text: parseUnitText(file.bytes) };
    if (file.reason === 'vanished' || file.reason === 'special-file') return this.#lookAt(path);
    // The receipt says why.
    const again = this.#host.read(this.#kind, path, { most: mostBytes });
    return again.state === 'read' ? { kind: 'text', text: parseUnitText(again.bytes) } : { kind: again.state };
  }

  /** What is no file, or not there. */
  #lookAt(path: string): UnitFile {
    const found = this.#host.status(this.#kind, path);
    // An image of a system has no devices.
    if (found.state !== 'there')
      return this.#host.resolve(path) === '/dev/null' ? { kind: 'mask' } : { kind: found.state };
    return { kind: found.status.kind === 'device' ? 'mask' : 'broken' };
  }

  /** Where a link of a folder leads, without links but the last; undefined after too many. */
  followOne(path: string, target: string): string | undefined {
    const whole = target.startsWith('/') ? target : join(dirname(path), target);
    const folder = this.#host.resolve(dirname(whole));
    return folder === undefined ? undefined : join(folder, basename(whole));
  }

  /** Whether the path is in one of the folders, or below. */
  isInside(path: string): boolean {
    return this.folders.some((folder) => path.startsWith(`${folder.path}/`));
  }

  /** The first folder that has the name. */
  findFolder(name: string): UnitFolder | undefined {
    return this.folders.find(({ kinds }) => kinds.has(name));
  }

  /**
   * The drop-ins in folders of these names, `ssh.service.d`, in the order in which they are read. Of several with one
   * name the first folder's counts.
   * @param names of folders, highest first; each is looked for in the whole search path before the next group.
   */
  dropInsOf(groups: readonly (readonly string[])[]): readonly string[] {
    const there = groups.filter((names) => names.some((name) => this.#dropInFolders.has(name)));
    if (there.length === 0) return [];
    const byName = new Map<string, string>();
    for (const names of there)
      for (const { path: folder, kinds } of this.folders)
        for (const name of names)
          if (kinds.has(name))
            for (const file of this.#listDropIns(`${folder}/${name}`))
              if (!byName.has(file)) byName.set(file, `${folder}/${name}/${file}`);
    return [...byName.keys()].sort().flatMap((file) => byName.get(file) ?? []);
  }

  #listDropIns(folder: string): readonly string[] {
    const known = this.#dropIns.get(folder);
    if (known !== undefined) return known;
    const names = this.#host.listFolder(this.#kind, folder).names.filter((name) => name.endsWith('.conf'));
    this.#dropIns.set(folder, names);
    return names;
  }
}
