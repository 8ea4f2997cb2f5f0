/**
 * What dpkg knows of packages: its database, the journal of an interrupted run over it, and the one file for each package
 * of images without dpkg.
 */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Host } from '../../files/host.ts';
import { parseStanzas, type Stanza } from './stanza.ts';

const folder = '/var/lib/dpkg';

/** The largest known databases have 5 MB. */
const most = 64 * 1024 * 1024;
const mostFiles = 20_000;

export interface DpkgDatabase {
  readonly isThere: boolean;
  readonly stanzas: Iterable<Stanza>;
  /** All that was read, in Latin-1: the later over the earlier. */
  readonly texts: readonly string[];
}

class Reader {
  readonly stanzas = new Map<string, Stanza>();
  readonly texts: string[] = [];
  isThere = false;
  readonly #host: Host;
  readonly #signal: AbortSignal;

  constructor(host: Host, signal: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
  }

  /** A later stanza of a package takes the place of an earlier one. */
  #add(bytes: Buffer): number {
    let count = 0;
    const text = bytes.toString('latin1');
    this.texts.push(text);
    for (const stanza of parseStanzas(text)) {
      this.stanzas.set(`${stanza.package}:${stanza.architecture}`, stanza);
      count += 1;
    }
    return count;
  }

  readStatus(): void {
    const path = `${folder}/status`;
    const file = this.#host.read('dpkg', path, { most });
    let count = 0;
    if (file.state === 'read') {
      count = this.#add(file.bytes);
      const isCut = file.bytes.length > 0 && file.bytes.at(-1) !== 0x0a;
      file.report(count, isCut ? 'read-error' : undefined);
    }
    // Lists of files without the database are what a failing disk leaves.
    const isLost = file.state !== 'unknown' && count === 0 && this.#hasLists();
    if (isLost) this.#host.report('dpkg', path, 0, 'read-error');
    this.isThere = file.state !== 'absent' || isLost;
  }

  #hasLists(): boolean {
    return this.#host.list('dpkg', `${folder}/info`).some((name) => name.endsWith('.list'));
  }

  /** @param isMeant by the name of a file. */
  readFolder(name: string, isMeant: (name: string) => boolean): void {
    const path = `${folder}/${name}`;
    const files = this.#host.list('dpkg', path).filter(isMeant);
    // Mostly empty, and then no source.
    if (files.length === 0) return;
    this.isThere = true;
    let count = 0;
    let gap: SkipReason | undefined = files.length > mostFiles ? 'size-limit' : undefined;
    for (const file of files.slice(0, mostFiles)) {
      if (this.#signal.aborted) return;
      const read = this.#host.readOne(`${path}/${file}`, most);
      if (read.kind === 'unread') gap = read.reason;
      else count += this.#add(read.bytes);
    }
    this.#host.report('dpkg', path, count, gap);
  }
}

export function readDpkg(host: Host, signal: AbortSignal): DpkgDatabase {
  const reader = new Reader(host, signal);
  reader.readStatus();
  reader.readFolder('status.d', (name) => !name.endsWith('.md5sums'));
  reader.readFolder('updates', (name) => /^\d+$/.test(name));
  return { isThere: reader.isThere, stanzas: [...reader.stanzas.values()], texts: reader.texts };
}
