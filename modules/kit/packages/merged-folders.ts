/** Folders that newer systems have as links into /usr: `/bin/sh` and `/usr/bin/sh` are one file by two names. */
import type { Host } from '../files/host.ts';

const tops = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

export class MergedFolders {
  readonly #merged: ReadonlySet<string>;

  constructor(host: Host) {
    this.#merged = new Set(
      tops.filter(
        (top) => host.linkAt(`/${top}`) !== undefined && host.resolve(`/${top}`) === host.resolve(`/usr/${top}`),
      ),
    );
  }

  /** All names of the path: itself, and the one below or above /usr. */
  namesOf(path: string): readonly string[] {
    const [, first = '', second = ''] = path.split('/', 3);
    if (this.#merged.has(first)) return [path, `/usr${path}`];
    return first === 'usr' && this.#merged.has(second) ? [path, path.slice('/usr'.length)] : [path];
  }

  /** One name for all of them. */
  toOne(path: string): string {
    return this.#merged.has(path.split('/', 2)[1] ?? '') ? `/usr${path}` : path;
  }
}
