/**
 * The write-ahead log of an SQLite database: pages that a program has written and not yet moved into the database.
 * @see https://sqlite.org/fileformat2.html#walformat
 */
import type { HostFile } from '../files/host-file.ts';

const headerBytes = 32;
const frameHeaderBytes = 24;

/** Two sums over pairs of words. */
class Checksum {
  #first = 0;
  #second = 0;
  readonly #isBigEndian: boolean;

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian;
  }

  add(bytes: Buffer): void {
    for (let index = 0; index + 8 <= bytes.length; index += 8) {
      const [x, y] = this.#isBigEndian
        ? [bytes.readUInt32BE(index), bytes.readUInt32BE(index + 4)]
        : [bytes.readUInt32LE(index), bytes.readUInt32LE(index + 4)];
      this.#first = (this.#first + x + this.#second) >>> 0;
      this.#second = (this.#second + y + this.#first) >>> 0;
    }
  }

  equals(bytes: Buffer, offset: number): boolean {
    return bytes.readUInt32BE(offset) === this.#first && bytes.readUInt32BE(offset + 4) === this.#second;
  }
}

export interface LoggedPages {
  /** Offsets in the log of the newest committed pages, by page number. */
  readonly offsets: ReadonlyMap<number, number>;
  /** Of the database after the last commit; null when nothing is committed in the log. */
  readonly pages: number | null;
}

const nothing: LoggedPages = { offsets: new Map(), pages: null };

/** The committed pages. The rest of a log, as of an interrupted commit or of an earlier round, does not count. */
export function readLog(log: HostFile, pageBytes: number): LoggedPages {
  const header = log.readAt(0, headerBytes);
  if (header.length < headerBytes) return nothing;
  const magic = header.readUInt32BE(0);
  if ((magic !== 0x377f_0682 && magic !== 0x377f_0683) || header.readUInt32BE(8) !== pageBytes) return nothing;
  const sum = new Checksum(magic === 0x377f_0683);
  sum.add(header.subarray(0, 24));
  if (!sum.equals(header, 24)) return nothing;
  const committed = new Map<number, number>();
  let pending = new Map<number, number>();
  let pages: number | null = null;
  for (let offset = headerBytes; ; offset += frameHeaderBytes + pageBytes) {
    const frame = log.readAt(offset, frameHeaderBytes + pageBytes);
    if (frame.length < frameHeaderBytes + pageBytes) break;
    if (frame.compare(header, 16, 24, 8, 16) !== 0) break;
    sum.add(frame.subarray(0, 8));
    sum.add(frame.subarray(frameHeaderBytes));
    if (!sum.equals(frame, 16)) break;
    pending.set(frame.readUInt32BE(0), offset + frameHeaderBytes);
    const pagesAfter = frame.readUInt32BE(4);
    if (pagesAfter === 0) continue;
    for (const [page, place] of pending) committed.set(page, place);
    pending = new Map();
    pages = pagesAfter;
  }
  return { offsets: committed, pages };
}
