/** Binary property lists. @see CFBinaryPList.c of Apple's CoreFoundation, which describes the format */
import { unreadable } from '../file/document.ts';
import type { PlainTable, PlainValue } from '../file/plain-value.ts';

const magic = 'bplist00';
const trailerBytes = 32;
const mostObjects = 200_000;
const mostDepth = 200;
/** Objects may stand for one another, so that a small file could be a huge tree. */
const mostValues = 1_000_000;
/** Dates count from the start of 2001. */
const epochMs = Date.UTC(2001, 0, 1);

function broken(): Error {
  return unreadable('read-error', 'a binary property list');
}

export function isBinaryPlist(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, magic.length) === magic;
}

class Reader {
  readonly #bytes: Buffer;
  readonly #offsets: readonly number[];
  readonly #referenceBytes: number;
  readonly #top: number;
  #values = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const trailer = bytes.length - trailerBytes;
    if (trailer < magic.length) throw broken();
    const [offsetBytes, referenceBytes] = [bytes[trailer + 6] ?? 0, bytes[trailer + 7] ?? 0];
    this.#referenceBytes = referenceBytes;
    const [count, top, table] = [8, 16, 24].map((at) => this.#unsigned(trailer + at, 8));
    if (count === undefined || top === undefined || table === undefined) throw broken();
    if (count > mostObjects) throw unreadable('size-limit', 'fewer objects in a property list');
    this.#top = top;
    this.#offsets = Array.from({ length: count }, (_, index) =>
      this.#unsigned(table + index * offsetBytes, offsetBytes),
    );
  }

  read(): PlainValue {
    return this.#object(this.#top, 0);
  }

  #slice(at: number, length: number): Buffer {
    if (at < 0 || length < 0 || at + length > this.#bytes.length) throw broken();
    return this.#bytes.subarray(at, at + length);
  }

  #unsigned(at: number, length: number): number {
    if (length < 1 || length > 8) throw broken();
    const value = BigInt(`0x${this.#slice(at, length).toString('hex')}`);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken();
    return Number(value);
  }

  #object(reference: number, depth: number): PlainValue {
    const at = this.#offsets[reference];
    this.#values += 1;
    if (at === undefined) throw broken();
    if (depth > mostDepth) throw unreadable('too-deep', 'a property list nested less deeply');
    if (this.#values > mostValues) throw unreadable('size-limit', 'fewer values in a property list');
    const [marker = 0] = this.#slice(at, 1);
    const [kind, low] = [marker >> 4, marker & 0xf];
    if (kind === 0x0) return toSimple(low);
    if (kind === 0x1) return this.#integer(at + 1, 2 ** low);
    if (kind === 0x2) return String(this.#real(at + 1, 2 ** low));
    if (kind === 0x3) return toDate(this.#real(at + 1, 8));
    if (kind === 0x8) return String(this.#unsigned(at + 1, low + 1));
    return this.#sized(kind, this.#sizeAt(at, low), depth);
  }

  /** Of what has a length of its own. */
  #sized(
    kind: number,
    { length, start }: { readonly length: number; readonly start: number },
    depth: number,
  ): PlainValue {
    switch (kind) {
      case 0x4:
        return this.#slice(start, length).toString('base64');
      case 0x5:
        return this.#slice(start, length).toString('latin1');
      case 0x6:
        return Buffer.from(this.#slice(start, length * 2))
          .swap16()
          .toString('utf16le');
      case 0xa:
      case 0xc:
        return this.#references(start, length).map((one) => this.#object(one, depth + 1));
      case 0xd:
        return this.#table(start, length, depth);
      default:
        throw broken();
    }
  }

  #sizeAt(at: number, low: number): { readonly length: number; readonly start: number } {
    if (low !== 0xf) return { length: low, start: at + 1 };
    const [marker = 0] = this.#slice(at + 1, 1);
    const width = 2 ** (marker & 0xf);
    if (marker >> 4 !== 1) throw broken();
    return { length: this.#unsigned(at + 2, width), start: at + 2 + width };
  }

  #references(start: number, count: number): number[] {
    const bytes = this.#slice(start, count * this.#referenceBytes);
    const width = this.#referenceBytes;
    return Array.from({ length: count }, (_, index) =>
      this.#unsigned(bytes.byteOffset - this.#bytes.byteOffset + index * width, width),
    );
  }

  #table(start: number, count: number, depth: number): PlainTable {
    const keys = this.#references(start, count);
    const values = this.#references(start + count * this.#referenceBytes, count);
    const entries = keys.map((key, index): [string, PlainValue] => {
      const [name, value] = [this.#object(key, depth + 1), values[index]];
      if (typeof name !== 'string' || value === undefined) throw broken();
      return [name, this.#object(value, depth + 1)];
    });
    return Object.fromEntries(entries);
  }

  /** Eight bytes and more have a sign. */
  #integer(at: number, length: number): string {
    if (length > 16) throw broken();
    const bits = BigInt(`0x${this.#slice(at, length).toString('hex')}`);
    return String(length < 8 ? bits : BigInt.asIntN(length * 8, bits));
  }

  #real(at: number, length: number): number {
    const bytes = this.#slice(at, length);
    if (length === 4) return bytes.readFloatBE();
    if (length === 8) return bytes.readDoubleBE();
    throw broken();
  }
}

function toSimple(low: number): string {
  if (low === 0x8) return 'false';
  if (low === 0x9) return 'true';
  if (low === 0x0) return '';
  throw broken();
}

/** As an XML property list has it: `2026-01-31T07:00:00Z`. */
function toDate(seconds: number): string {
  const date = new Date(epochMs + Math.round(seconds) * 1000);
  if (Number.isNaN(date.getTime())) throw broken();
  return date.toISOString().replace(/\.000Z$/, 'Z');
}

/** @throws CodedError<UnreadableCode> */
export function parseBinaryPlist(bytes: Buffer): PlainValue {
  return new Reader(bytes).read();
}
