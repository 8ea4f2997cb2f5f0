/** Records of SQLite: a header with the types of the values, then the values. @see https://sqlite.org/fileformat2.html */
import { malformed } from '../files/malformed.ts';

export type SqliteValue = string | number | Buffer | null;

interface Varint {
  readonly value: number;
  /** Index behind it. */
  readonly end: number;
}

/** Big-endian, seven bits in each of up to eight bytes, eight in the ninth. Beyond 2^53 it is not exact. */
export function readVarint(bytes: Buffer, start: number): Varint {
  let value = 0;
  for (let index = start; index < start + 9; index += 1) {
    const byte = bytes[index];
    if (byte === undefined) throw malformed('a whole number', 'the end of the bytes');
    if (index === start + 8) return { value: value * 256 + byte, end: index + 1 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: index + 1 };
  }
  throw malformed('a whole number of nine bytes', 'more');
}

/** Bytes of the integers by their type. */
const integerBytes = [0, 1, 2, 3, 4, 6, 8] as const;

function readInteger(bytes: Buffer): number {
  if (bytes.length === 8) return Number(bytes.readBigInt64BE(0));
  return bytes.length === 0 ? 0 : bytes.readIntBE(0, bytes.length);
}

function sizeOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  if (type === 7) return 8;
  if (type === 10 || type === 11) throw malformed('a type of values', type);
  return integerBytes[type] ?? 0;
}

/** @param toText by the encoding of the database. */
function readValue(type: number, bytes: Buffer, toText: (bytes: Buffer) => string): SqliteValue {
  if (type === 0) return null;
  if (type === 7) return bytes.readDoubleBE(0);
  if (type === 8) return 0;
  if (type === 9) return 1;
  if (type < 10) return readInteger(bytes);
  return type % 2 === 0 ? bytes : toText(bytes);
}

/** @throws CodedError `database-malformed` */
export function readRecord(payload: Buffer, toText: (bytes: Buffer) => string): SqliteValue[] {
  const header = readVarint(payload, 0);
  if (header.value > payload.length) throw malformed('a header within its record', header.value);
  const values: SqliteValue[] = [];
  let start = header.value;
  for (let index = header.end; index < header.value; ) {
    const type = readVarint(payload, index);
    index = type.end;
    const end = start + sizeOf(type.value);
    if (end > payload.length) throw malformed('a value within its record', end);
    values.push(readValue(type.value, payload.subarray(start, end), toText));
    start = end;
  }
  return values;
}
