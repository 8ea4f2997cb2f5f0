/** The lists of files of dpkg's packages, `info/NAME.list` or `info/NAME:ARCH.list`. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { readHostFile } from '../../kit/files/host-file.ts';
import { SourceReport } from '../../kit/files/source-report.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import type { WantedFiles } from '../files/wanted.ts';
import { Diversions } from './diversions.ts';
import type { Stanza } from './stanza.ts';

/** The longest known list has 5 MB. */
const mostBytes = 64 * 1024 * 1024;

export class FileLists {
  readonly diversions: Diversions;
  readonly #folder: string;
  readonly #work: SourceWork;
  /** Paths in lists whose files were diverted to a wanted place. */
  readonly #diverted: readonly string[];
  #lists = 0;
  #gap: SkipReason | undefined;

  constructor(root: string, work: SourceWork, wanted: WantedFiles) {
    this.#folder = join(root, 'var/lib/dpkg');
    this.#work = work;
    const file = readHostFile(work.gate, join(this.#folder, 'diversions'), mostBytes);
    if (file.kind === 'unread' && file.reason !== 'vanished') this.#gap = file.reason;
    this.diversions = new Diversions(file.kind === 'unread' ? '' : file.bytes.toString('latin1'));
    this.#diverted = this.diversions.from((place) => wanted.mayWant(place));
  }

  /** Whether a list may have a wanted file: a search for texts is faster than splitting all lists. */
  mayHave(list: Buffer, wanted: WantedFiles): boolean {
    return wanted.mayBeIn(list) || this.#diverted.some((path) => list.includes(path));
  }

  /** The bytes of a list such as `list` or `md5sums`; undefined when there is none. */
  read({ package: name = '', architecture = '' }: Stanza, kind: string): Buffer | undefined {
    // Names come from a database, which may hold anything.
    if (/[/\0]/.test(`${name}${architecture}`)) return undefined;
    for (const one of [name, `${name}:${architecture}`]) {
      const path = `${this.#folder}/info/${one}.${kind}`;
      // Half of the lists have the longer name, and a failed opening costs as much as ten of these.
      if (statSync(path, { throwIfNoEntry: false }) === undefined) continue;
      const file = readHostFile(this.#work.gate, path, mostBytes);
      if (file.kind !== 'unread') {
        this.#lists += 1;
        return file.bytes;
      }
      if (file.reason !== 'vanished') this.#gap = file.reason;
    }
    return undefined;
  }

  /** Names the lists in the receipt. */
  report(): void {
    new SourceReport(this.#work.findings, 'dpkg-files').read(join(this.#folder, 'info'), this.#lists, this.#gap);
  }
}

/** The paths in a list, without the root of all. */
export function* pathsOf(list: Buffer): Generator<string> {
  for (const path of list.toString('latin1').split('\n')) if (path.startsWith('/') && path !== '/.') yield path;
}
