/**
 * Places of network and program file systems, where a read can wait for ever. Their mount points are known by the
 * kernel's table, so that nothing behind one is touched.
 */
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** As in the native walk. `fuseblk` is a local disk. */
const remoteType =
  /^(?:nfs4?|cifs|smb3|smbfs|afs|9p|ceph|coda|ncpfs|lustre|gpfs|beegfs|glusterfs|virtiofs|vboxsf|vmhgfs|autofs|fuse(?:\..*)?)$/;

const mostLinks = 40;
/** Of folders and files; beyond it they are asked for anew. */
const mostRemembered = 10_000;

/** The kernel writes blanks and backslashes as three octal digits. */
export function decodeOctal(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** @param table the text of /proc/self/mountinfo. @see proc(5) */
export function parseRemotePlaces(table: string): ReadonlySet<string> {
  const types = new Map<string, string>();
  for (const line of table.split('\n')) {
    const [, path, type] = /^\S+ \S+ \S+ \S+ (\S+) .*? - (\S+) /.exec(line) ?? [];
    // A later mount hides an earlier one.
    if (path !== undefined && type !== undefined) types.set(decodeOctal(path), type);
  }
  // A system that runs from such a file system itself is read.
  return new Set([...types].flatMap(([path, type]) => (path !== '/' && remoteType.test(type) ? [path] : [])));
}

function readTable(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}

export class RemotePlaces {
  readonly #places: ReadonlySet<string>;
  readonly #links = new Map<string, string | undefined>();

  constructor(table: string = readTable()) {
    this.#places = parseRemotePlaces(table);
  }

  /** Whether the way to an absolute path leads through one, links included. */
  isBehind(path: string): boolean {
    if (this.#places.size === 0) return false;
    let rest = path.split('/').filter((name) => name !== '');
    let at = '/';
    for (let links = 0; rest.length > 0; ) {
      const [name = '', ...behind] = rest;
      const next = join(at, name);
      if (this.#places.has(next)) return true;
      const target = this.#linkAt(next);
      if (target === undefined) {
        at = next;
        rest = behind;
        continue;
      }
      links += 1;
      if (links > mostLinks) return false;
      if (target.startsWith('/')) at = '/';
      rest = [...target.split('/').filter((part) => part !== ''), ...behind];
    }
    return false;
  }

  /** Undefined for what is no link, or not there. */
  #linkAt(path: string): string | undefined {
    if (this.#links.has(path)) return this.#links.get(path);
    let target: string | undefined;
    try {
      if (lstatSync(path).isSymbolicLink()) target = readlinkSync(path);
    } catch {
      // Opening it fails as well, and says why.
    }
    if (this.#links.size < mostRemembered) this.#links.set(path, target);
    return target;
  }
}
