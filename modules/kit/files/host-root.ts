/** The folder of a host's files. Its links lead to its own files: those of a container or an image not to this machine's. */
import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const mostLinks = 40;
/** Of folders; beyond it they are asked for anew. */
const mostRemembered = 10_000;

/** Undefined for what is no link, or not there. */
function readLink(full: string): string | undefined {
  try {
    // Nearly all files are no links, and an error costs ten times as much as this.
    if (lstatSync(full, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined;
    return readlinkSync(full);
  } catch {
    return undefined;
  }
}

function toNames(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

export class HostRoot {
  readonly #root: string;
  readonly #links = new Map<string, string | undefined>();

  /** @param root `/` */
  constructor(root: string) {
    this.#root = root;
  }

  /** The path by its own name. */
  at(path: string): string {
    if (this.#root === '/' && path.startsWith('/') && !/\/[./]/.test(path)) return path;
    // A path that leads upwards ends at the root of the host.
    return join(this.#root, join('/', path));
  }

  /** Where the file is, links of the host followed. One of too many links stays as it is. */
  locate(path: string): string {
    return this.#root === '/' ? this.at(path) : this.at(this.resolve(path) ?? path);
  }

  /** The path on the host without links; what is not there stays as it is. Undefined after too many links. */
  resolve(path: string): string | undefined {
    const rest = [...toNames(path)].reverse();
    let at = '/';
    for (let links = 0; ; ) {
      const name = rest.pop();
      if (name === undefined) return at;
      const next = join(at, name);
      const target = name === '..' ? undefined : this.linkAt(next);
      if (target === undefined) at = next;
      else {
        links += 1;
        if (links > mostLinks) return undefined;
        if (target.startsWith('/')) at = '/';
        rest.push(...[...toNames(target)].reverse());
      }
    }
  }

  /** Where a link leads, as it is written; undefined for what is no link. Folders on its way must be no links. */
  linkAt(path: string): string | undefined {
    if (this.#links.has(path)) return this.#links.get(path);
    const target = readLink(this.at(path));
    if (this.#links.size < mostRemembered) this.#links.set(path, target);
    return target;
  }
}
