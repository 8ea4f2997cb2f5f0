/**
 * rpm's database of old, `Packages`: a hash of Berkeley DB, whose pages hold keys and values by turns, and long values in
 * chains of pages of their own. Numbers are in the byte order of the machine that made it.
 */

import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { HostFile } from '../../files/host-file.ts';
import { malformed } from '../../files/malformed.ts';

const hashMagic = 0x06_1561;
const pageHeaderBytes = 26;
const pageTypes = { unsortedHash: 2, overflow: 7, hash: 13 } as const;
const itemTypes = { inPage: 1, offPage: 3 } as const;

/** A page with numbers in its byte order. */
class Page {
  readonly bytes: Buffer;
  readonly #isBigEndian: boolean;

  constructor(bytes: Buffer, isBigEndian: boolean) {
    this.bytes = bytes;
    this.#isBigEndian = isBigEndian;
  }

  u16(offset: number): number {
    if (offset + 2 > this.bytes.length) throw malformed('a number within its page', offset);
    return this.#isBigEndian ? this.bytes.readUInt16BE(offset) : this.bytes.readUInt16LE(offset);
  }

  u32(offset: number): number {
    if (offset + 4 > this.bytes.length) throw malformed('a number within its page', offset);
    return this.#isBigEndian ? this.bytes.readUInt32BE(offset) : this.bytes.readUInt32LE(offset);
  }

  get type(): number {
    return this.bytes[25] ?? 0;
  }
}

class HashFile {
  readonly lastPage: number;
  readonly #file: HostFile;
  readonly #pageBytes: number;
  readonly #isBigEndian: boolean;
  readonly #mostBytes: number;
  /** Each page belongs to one value: a second visit is a circle. */
  readonly #visited = new Set<number>();

  constructor(file: HostFile, mostBytes: number) {
    this.#file = file;
    this.#mostBytes = mostBytes;
    const meta = file.readAt(0, 512);
    if (meta.length < 512) throw malformed('a page of a Berkeley DB', `${meta.length} bytes`);
    this.#isBigEndian = meta.readUInt32BE(12) === hashMagic;
    const first = new Page(meta, this.#isBigEndian);
    if (first.u32(12) !== hashMagic) throw malformed('a hash of Berkeley DB', 'other bytes');
    if (meta[24] !== 0) throw malformed('a database that is not encrypted', 'an encrypted one');
    this.#pageBytes = first.u32(20);
    if (this.#pageBytes < 512 || this.#pageBytes > 65_536) throw malformed('a size of pages', this.#pageBytes);
    this.lastPage = first.u32(32);
    if ((this.lastPage + 1) * this.#pageBytes > file.sizeBytes)
      throw malformed(`${this.lastPage + 1} pages`, `${file.sizeBytes} bytes`);
  }

  #read(number: number): Page {
    if (number < 1 || number > this.lastPage) throw malformed(`a page of ${this.lastPage}`, number);
    return new Page(this.#file.readAt(number * this.#pageBytes, this.#pageBytes), this.#isBigEndian);
  }

  *valuesOf(number: number): Generator<Buffer> {
    const page = this.#read(number);
    if (page.type !== pageTypes.hash && page.type !== pageTypes.unsortedHash) return;
    const items = page.u16(20);
    // Items are stored from the end of the page downwards, and do not overlap.
    let lowest = this.#pageBytes + 1;
    // Each value stands behind its key.
    for (let index = 1; index < items; index += 2) {
      const start = page.u16(pageHeaderBytes + index * 2);
      if (start >= lowest) throw malformed('items in descending places', start);
      lowest = start;
      const value = this.#readItem(page, index, start);
      if (value !== undefined) yield value;
    }
  }

  #readItem(page: Page, index: number, start: number): Buffer | undefined {
    const end = page.u16(pageHeaderBytes + (index - 1) * 2);
    if (start >= end || end > page.bytes.length) throw malformed('an item within its page', start);
    const type = page.bytes[start];
    if (type === itemTypes.inPage) return page.bytes.subarray(start + 1, end);
    if (type === itemTypes.offPage) return this.#readChain(page.u32(start + 4), page.u32(start + 8));
    return undefined;
  }

  #readChain(first: number, lengthBytes: number): Buffer {
    if (lengthBytes > this.#mostBytes) throw malformed(`a value of at most ${this.#mostBytes} bytes`, lengthBytes);
    const parts: Buffer[] = [];
    let left = lengthBytes;
    for (let number = first; left > 0; ) {
      if (this.#visited.has(number)) throw malformed('a page that is used once', number);
      this.#visited.add(number);
      const page = this.#read(number);
      const length = page.u16(22);
      if (page.type !== pageTypes.overflow || length === 0 || pageHeaderBytes + length > page.bytes.length)
        throw malformed('a page of a long value', page.type);
      const part = page.bytes.subarray(pageHeaderBytes, pageHeaderBytes + Math.min(length, left));
      parts.push(part);
      left -= part.length;
      number = page.u32(16);
    }
    return Buffer.concat(parts);
  }
}

/** The key 0 has the number of the newest package for its value. */
const leastHeaderBytes = 8;

/** The packages' headers; returns why they are not of one state of the database. @throws CodedError `database-malformed` */
export function* readBerkeleyDb(file: HostFile, mostBytes: number): Generator<Buffer, SkipReason | undefined> {
  const hash = new HashFile(file, mostBytes);
  for (let number = 1; number <= hash.lastPage; number += 1)
    for (const value of hash.valuesOf(number)) if (value.length >= leastHeaderBytes) yield value;
  return file.hasChanged() ? 'changed-while-read' : undefined;
}
