/** Entries of a zip archive, within limits: an archive may be made to unpack to far more than it is. @see APPNOTE.TXT of PKWARE */
import { inflateRawSync } from 'node:zlib';
import { malformed } from '../../kit/files/malformed.ts';
import type { ByteSource } from './found-package.ts';

/** What all archives of one file together may take. */
export class ZipBudget {
  #bytes: number;
  #entries: number;
  /** Whether something was left out. */
  isSpent = false;

  constructor({ bytes, entries }: { readonly bytes: number; readonly entries: number }) {
    this.#bytes = bytes;
    this.#entries = entries;
  }

  takeBytes(count: number): boolean {
    this.isSpent ||= count > this.#bytes;
    if (this.isSpent) return false;
    this.#bytes -= count;
    return true;
  }

  takeEntry(): boolean {
    this.#entries -= 1;
    this.isSpent ||= this.#entries < 0;
    return this.#entries >= 0;
  }
}

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Of its own header, in the archive. */
  readonly offset: number;
}

const endMark = 0x06054b50;
const endBytes = 22;
const mostComment = 0xffff;
const locatorMark = 0x07064b50;
const end64Mark = 0x06064b50;
const entryMark = 0x02014b50;
const entryBytes = 46;
const headerMark = 0x04034b50;
const headerBytes = 30;
/** A directory of half a million entries. */
const mostDirectoryBytes = 64 * 1024 * 1024;

const stored = 0;
const deflated = 8;

/** Beyond 2^53 it lies in no file. */
function readLong(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}

/** The part of a source. */
class ByteRange implements ByteSource {
  readonly sizeBytes: number;
  readonly #source: ByteSource;
  readonly #start: number;

  constructor(source: ByteSource, start: number, sizeBytes: number) {
    this.#source = source;
    this.#start = start;
    this.sizeBytes = sizeBytes;
  }

  readAt(offsetBytes: number, lengthBytes: number): Buffer {
    const length = Math.max(0, Math.min(lengthBytes, this.sizeBytes - offsetBytes));
    return this.#source.readAt(this.#start + offsetBytes, length);
  }
}

/** Bytes that were unpacked. */
export class ByteArraySource implements ByteSource {
  readonly sizeBytes: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.sizeBytes = bytes.length;
  }

  readAt(offsetBytes: number, lengthBytes: number): Buffer {
    return this.#bytes.subarray(offsetBytes, offsetBytes + lengthBytes);
  }
}

interface Directory {
  readonly offset: number;
  readonly bytes: number;
  /** Of the archive in the file: a script may stand before it. */
  readonly base: number;
}

/** @throws CodedError `database-malformed` */
function readExactly(source: ByteSource, offset: number, length: number): Buffer {
  const isWithin = Number.isSafeInteger(offset) && offset >= 0 && offset + length <= source.sizeBytes;
  if (!isWithin) throw malformed(`parts within the ${source.sizeBytes} bytes of the archive`, `one at ${offset}`);
  return source.readAt(offset, length);
}

function findEnd(source: ByteSource): number {
  const start = Math.max(0, source.sizeBytes - endBytes - mostComment);
  const tail = source.readAt(start, source.sizeBytes - start);
  for (let at = tail.length - endBytes; at >= 0; at -= 1)
    if (tail.readUInt32LE(at) === endMark && at + endBytes + tail.readUInt16LE(at + 20) <= tail.length)
      return start + at;
  throw malformed('the end of a zip archive', `${source.sizeBytes} other bytes`);
}

function findDirectory(source: ByteSource): Directory {
  const endAt = findEnd(source);
  const end = readExactly(source, endAt, endBytes);
  const locator = endAt < 20 ? undefined : readExactly(source, endAt - 20, 20);
  if (locator === undefined || locator.readUInt32LE(0) !== locatorMark) {
    const [bytes, offset] = [end.readUInt32LE(12), end.readUInt32LE(16)];
    return { offset: endAt - bytes, bytes, base: endAt - bytes - offset };
  }
  const end64At = endAt - 20 - 56;
  const end64 = readExactly(source, end64At, 56);
  if (end64.readUInt32LE(0) !== end64Mark) throw malformed('the end of a zip archive of 64 bits', 'other bytes');
  const [bytes, offset] = [readLong(end64, 40), readLong(end64, 48)];
  return { offset: end64At - bytes, bytes, base: end64At - bytes - offset };
}

/** Sizes and offset that need 64 bits stand in a field of their own, in this order and only where they are needed. */
function withLongs(extra: Buffer, short: readonly [size: number, packed: number, offset: number]): readonly number[] {
  const isLong = (value: number): boolean => value === 0xffffffff;
  if (!short.some(isLong)) return short;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return short.map((value) => {
      if (!isLong(value)) return value;
      next += 8;
      if (next > extra.length) throw malformed('a size of 64 bits', `${extra.length} bytes`);
      return readLong(extra, next - 8);
    });
  }
  throw malformed('sizes of 64 bits', 'none');
}

export class ZipFile {
  readonly #source: ByteSource;
  readonly #base: number;
  readonly #directory: Buffer;

  /** @throws CodedError `database-malformed`, the system's errors */
  constructor(source: ByteSource) {
    this.#source = source;
    const { offset, bytes, base } = findDirectory(source);
    if (bytes > mostDirectoryBytes || base < 0)
      throw malformed(`a directory of at most ${mostDirectoryBytes} bytes`, `${bytes} at ${offset}`);
    this.#base = base;
    this.#directory = readExactly(source, offset, bytes);
  }

  /** @throws CodedError `database-malformed` */
  *entries(budget: ZipBudget): Generator<ZipEntry> {
    const directory = this.#directory;
    for (let at = 0; at < directory.length; ) {
      if (at + entryBytes > directory.length || directory.readUInt32LE(at) !== entryMark)
        throw malformed('an entry of the directory', `other bytes at ${at}`);
      if (!budget.takeEntry()) return;
      const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
      const nameEnd = at + entryBytes + (nameBytes ?? 0);
      const extraEnd = nameEnd + (extraBytes ?? 0);
      const next = extraEnd + (commentBytes ?? 0);
      if (next > directory.length) throw malformed('a whole entry of the directory', `its beginning at ${at}`);
      const [sizeBytes = 0, packedBytes = 0, offset = 0] = withLongs(directory.subarray(nameEnd, extraEnd), [
        directory.readUInt32LE(at + 24),
        directory.readUInt32LE(at + 20),
        directory.readUInt32LE(at + 42),
      ]);
      const isEncrypted = (directory.readUInt16LE(at + 8) & 1) === 1;
      const name = directory.toString('latin1', at + entryBytes, nameEnd);
      yield { name, method: directory.readUInt16LE(at + 10), isEncrypted, packedBytes, sizeBytes, offset };
      at = next;
    }
  }

  /**
   * The bytes of an entry; undefined without budget for them. What is not packed is not held in memory.
   * @param most a larger one is not unpacked.
   * @throws CodedError `database-malformed`, also for one that is encrypted or packed in another way
   */
  open(entry: ZipEntry, budget: ZipBudget, most: number): ByteSource | undefined {
    const { method, isEncrypted, packedBytes, sizeBytes, offset } = entry;
    if (isEncrypted || (method !== stored && method !== deflated)) throw malformed('an entry that is readable', method);
    const header = readExactly(this.#source, this.#base + offset, headerBytes);
    if (header.readUInt32LE(0) !== headerMark) throw malformed('the header of an entry', `other bytes at ${offset}`);
    const start = this.#base + offset + headerBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (start + packedBytes > this.#source.sizeBytes) throw malformed('a whole entry', `${packedBytes} bytes`);
    if (method === stored) return new ByteRange(this.#source, start, packedBytes);
    if (packedBytes + sizeBytes > most || !budget.takeBytes(packedBytes + sizeBytes)) return undefined;
    try {
      const packed = readExactly(this.#source, start, packedBytes);
      return new ByteArraySource(inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) }));
    } catch {
      throw malformed(`an entry of ${sizeBytes} bytes`, 'another');
    }
  }
}
