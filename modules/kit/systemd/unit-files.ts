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
    const found = this.#host.status(this.#kind, path);
    if (found.state !== 'there') {
      // An image of a system has no devices.
      return this.#host.resolve(path) === '/dev/null' ? { kind: 'mask' } : { kind: found.state };
    }
    const { kind, sizeBytes } = found.status;
    if (kind === 'device' || (kind === 'file' && sizeBytes === 0)) return { kind: 'mask' };
    if (kind !== 'file') return { kind: 'broken' };
    const file = this.#host.read(this.#kind, path, { most: mostBytes });
    return file.state === 'read' ? { kind: 'text', text: parseUnitText(file.bytes) } : { kind: file.state };
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
    const byName = new Map<string, string>();
    for (const names of groups)
      for (const { path: folder, kinds } of this.folders)
        for (const name of names)
          if (kinds.has(name))
            for (const file of this.#listDropIns(join(folder, name)))
              if (!byName.has(file)) byName.set(file, join(folder, name, file));
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
