/** The pages of an SQLite database as its last commit left them, without opening it for SQLite: nothing is written. */

import { type HostFile, openHostFile, type Unread } from '../files/host-file.ts';
import { malformed } from '../files/malformed.ts';
import type { Gate } from '../gate.ts';
import { type LoggedPages, readLog } from './write-ahead-log.ts';

const magic = 'SQLite format 3\0';
const journalMagic = Buffer.from('d9d505f920a163d7', 'hex');
/** A log over it is not read: programs move its pages into the database long before. */
const mostLogBytes = 256 * 1024 * 1024;

export class Pages {
  readonly kind = 'pages';
  readonly pageBytes: number;
  /** Bytes of a page without the reserved ones at its end. */
  readonly usableBytes: number;
  readonly encoding: 'utf8' | 'utf16le' | 'utf16be';
  readonly count: number;
  readonly #file: HostFile;
  readonly #log: HostFile | undefined;
  readonly #logged: LoggedPages;

  /** @throws CodedError `database-malformed` */
  constructor(file: HostFile, log: HostFile | undefined) {
    this.#file = file;
    this.#log = log;
    const inFile = file.readAt(0, 100);
    if (inFile.length < 100 || inFile.toString('latin1', 0, 16) !== magic)
      throw malformed('the header of an SQLite database', `${file.sizeBytes} other bytes`);
    const written = inFile.readUInt16BE(16);
    this.pageBytes = written === 1 ? 65_536 : written;
    if (this.pageBytes < 512 || (this.pageBytes & (this.pageBytes - 1)) !== 0)
      throw malformed('a size of pages', this.pageBytes);
    this.usableBytes = this.pageBytes - (inFile[20] ?? 0);
    if (this.usableBytes < 480) throw malformed('a size of pages without their reserved bytes', this.usableBytes);
    this.#logged = log === undefined ? { offsets: new Map(), pages: null } : readLog(log, this.pageBytes);
    this.count = this.#logged.pages ?? Math.ceil(file.sizeBytes / this.pageBytes);
    const encoding = this.read(1).readUInt32BE(56);
    this.encoding = encoding === 2 ? 'utf16le' : encoding === 3 ? 'utf16be' : 'utf8';
  }

  /** @param number of the page, from 1. @throws CodedError `database-malformed` */
  read(number: number): Buffer {
    if (number < 1 || number > this.count) throw malformed(`a page of ${this.count}`, number);
    const place = this.#logged.offsets.get(number);
    const bytes =
      place === undefined || this.#log === undefined
        ? this.#file.readAt((number - 1) * this.pageBytes, this.pageBytes)
        : this.#log.readAt(place, this.pageBytes);
    if (bytes.length < this.pageBytes) throw malformed('a whole page', `${bytes.length} bytes`);
    return bytes;
  }

  /** Whether database or log were written since they were opened: then the pages may be of different commits. */
  hasChanged(): boolean {
    return this.#file.hasChanged() || (this.#log?.hasChanged() ?? false);
  }

  close(): void {
    this.#file.close();
    this.#log?.close();
  }
}

/** Whether a program was interrupted in a commit, or is in one: then the database is of two commits. */
function isInCommit(gate: Gate, path: string): boolean {
  const journal = openHostFile(gate, `${path}-journal`);
  if (journal.kind === 'unread') return journal.reason !== 'vanished';
  const begin = journal.readAt(0, journalMagic.length);
  journal.close();
  return begin.equals(journalMagic);
}

/** @throws CodedError `database-malformed` */
export function openPages(gate: Gate, path: string): Pages | Unread {
  if (isInCommit(gate, path)) return { kind: 'unread', reason: 'changed-while-read' };
  const file = openHostFile(gate, path);
  if (file.kind === 'unread') return file;
  const log = openHostFile(gate, `${path}-wal`);
  const refuse = (reason: Unread['reason']): Unread => {
    file.close();
    if (log.kind !== 'unread') log.close();
    return { kind: 'unread', reason };
  };
  if (log.kind === 'unread' && log.reason !== 'vanished') return refuse(log.reason);
  if (log.kind !== 'unread' && log.sizeBytes > mostLogBytes) return refuse('size-limit');
  try {
    return new Pages(file, log.kind === 'unread' ? undefined : log);
  } catch (error) {
    refuse('read-error');
    throw error;
  }
}
