/**
 * Writes a small journal file in any form, also in those that the system's journald does not write.
 * @see https://systemd.io/JOURNAL_FILE_FORMAT/
 */
import { spawnSync } from 'node:child_process';
import { zstdCompressSync } from 'node:zlib';
import { packLz4Block } from './lz4-block.ts';
import { sipHash } from './sip-hash.ts';

export type Compression = 'none' | 'xz' | 'lz4' | 'zstd';

export interface WriterOptions {
  readonly compact: boolean;
  readonly compression: Compression;
  /** Values from this length on are packed. */
  readonly packFrom?: number;
}

interface WrittenEntry {
  readonly realtime: number;
  /** `FIELD=value`. */
  readonly payloads: readonly (string | Buffer)[];
}

const type = { data: 1, entry: 3, dataTable: 4, fieldTable: 5, entryArray: 6 } as const;
const compressions = {
  none: { object: 0, file: 0 },
  xz: { object: 1, file: 1 },
  lz4: { object: 2, file: 2 },
  zstd: { object: 4, file: 8 },
} as const satisfies Record<Compression, { readonly object: number; readonly file: number }>;
const keyedHash = 4;
const compactFile = 16;
const headerBytes = 264;
const buckets = 31;
const fileId = Buffer.from('f1'.repeat(16), 'hex');
const bootId = Buffer.from('b0'.repeat(16), 'hex');
const sequenceId = Buffer.from('5e'.repeat(16), 'hex');

function pack(plain: Buffer, compression: Compression): Buffer {
  if (compression === 'zstd') return zstdCompressSync(plain);
  if (compression === 'lz4') {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(plain.length));
    return Buffer.concat([size, packLz4Block(plain)]);
  }
  const { stdout, status } = spawnSync('xz', ['--stdout', '--check=none'], { input: plain });
  if (status !== 0) throw new Error('xz failed');
  return stdout;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** An object with its place in the file. */
class Placed {
  readonly offset: number;
  readonly bytes: Buffer;
  constructor(offset: number, kind: number, flags: number, bytes: number) {
    this.offset = offset;
    this.bytes = Buffer.alloc(aligned(bytes));
    this.bytes.writeUInt8(kind, 0);
    this.bytes.writeUInt8(flags, 1);
    this.set(8, bytes);
  }
  set(at: number, value: number | bigint): void {
    this.bytes.writeBigUInt64LE(BigInt(value), at);
  }
}

class Writer {
  readonly #options: WriterOptions;
  readonly #objects: Placed[] = [];
  readonly #values = new Map<string, { readonly object: Placed; readonly hash: bigint; readonly entries: number[] }>();
  #end = headerBytes;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  #place(kind: number, bytes: number, flags = 0): Placed {
    const object = new Placed(this.#end, kind, flags, bytes);
    this.#objects.push(object);
    this.#end += object.bytes.length;
    return object;
  }

  #placeValue(payload: Buffer) {
    const key = payload.toString('latin1');
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const { compact, compression, packFrom = 64 } = this.#options;
    const isPacked = compression !== 'none' && payload.length >= packFrom;
    const stored = isPacked ? pack(payload, compression) : payload;
    const at = compact ? 72 : 64;
    const object = this.#place(type.data, at + stored.length, isPacked ? compressions[compression].object : 0);
    stored.copy(object.bytes, at);
    const hash = sipHash(payload, fileId);
    object.set(16, hash);
    const value = { object, hash, entries: [] };
    this.#values.set(key, value);
    return value;
  }

  #placeArray(offsets: readonly number[]): number {
    if (offsets.length === 0) return 0;
    const item = this.#options.compact ? 4 : 8;
    const array = this.#place(type.entryArray, 24 + offsets.length * item);
    for (const [index, offset] of offsets.entries())
      if (this.#options.compact) array.bytes.writeUInt32LE(offset, 24 + index * item);
      else array.set(24 + index * item, offset);
    return array.offset;
  }

  #placeEntry(number: number, { realtime, payloads }: WrittenEntry): number {
    const values = payloads.map((payload) => this.#placeValue(Buffer.from(payload)));
    values.sort((left, right) => left.object.offset - right.object.offset);
    const item = this.#options.compact ? 4 : 16;
    const entry = this.#place(type.entry, 64 + values.length * item);
    entry.set(16, number);
    entry.set(24, realtime);
    entry.set(32, 1000 + number);
    bootId.copy(entry.bytes, 40);
    entry.set(
      56,
      values.reduce((sum, { hash }) => sum ^ hash, 0n),
    );
    for (const [index, { object, hash, entries }] of values.entries()) {
      if (this.#options.compact) entry.bytes.writeUInt32LE(object.offset, 64 + index * item);
      else {
        entry.set(64 + index * item, object.offset);
        entry.set(72 + index * item, hash);
      }
      entries.push(entry.offset);
    }
    return entry.offset;
  }

  #link(table: Placed): void {
    const chains = new Map<number, Placed[]>();
    for (const { object, hash, entries } of this.#values.values()) {
      const [first = 0, ...others] = entries;
      object.set(40, first);
      object.set(48, this.#placeArray(others));
      object.set(56, entries.length);
      const bucket = Number(hash % BigInt(buckets));
      chains.set(bucket, [...(chains.get(bucket) ?? []), object]);
    }
    for (const [bucket, objects] of chains) {
      table.set(16 + bucket * 16, objects[0]?.offset ?? 0);
      table.set(24 + bucket * 16, objects.at(-1)?.offset ?? 0);
      for (const [index, object] of objects.entries()) object.set(24, objects[index + 1]?.offset ?? 0);
    }
  }

  write(entries: readonly WrittenEntry[]): Buffer {
    const fieldTable = this.#place(type.fieldTable, 16 + buckets * 16);
    const dataTable = this.#place(type.dataTable, 16 + buckets * 16);
    const offsets = entries.map((entry, index) => this.#placeEntry(index + 1, entry));
    const array = this.#placeArray(offsets);
    this.#link(dataTable);
    const header = Buffer.alloc(headerBytes);
    header.write('LPKSHHRH', 'latin1');
    const { compact, compression } = this.#options;
    header.writeUInt32LE(keyedHash | (compact ? compactFile : 0) | compressions[compression].file, 12);
    for (const [index, id] of [fileId, Buffer.alloc(16, 0xcc), bootId, sequenceId].entries())
      id.copy(header, 24 + index * 16);
    const numbers = [
      headerBytes,
      this.#end - headerBytes,
      dataTable.offset + 16,
      buckets * 16,
      fieldTable.offset + 16,
      buckets * 16,
      this.#objects.at(-1)?.offset ?? 0,
      this.#objects.length,
      entries.length,
      entries.length,
      Math.min(entries.length, 1),
      array,
      entries[0]?.realtime ?? 0,
      entries.at(-1)?.realtime ?? 0,
      1000 + entries.length,
      this.#values.size,
    ];
    for (const [index, value] of numbers.entries()) header.writeBigUInt64LE(BigInt(value), 88 + index * 8);
    header.writeBigUInt64LE(BigInt(this.#objects.filter(({ bytes }) => bytes[0] === type.entryArray).length), 232);
    return Buffer.concat([header, ...this.#objects.map(({ bytes }) => bytes)]);
  }
}

/** Entries are numbered from 1. The values with `packFrom` bytes or more are packed. Needs `xz` for that compression. */
export function writeJournalFile(entries: readonly WrittenEntry[], options: WriterOptions): Buffer {
  return new Writer(options).write(entries);
}
