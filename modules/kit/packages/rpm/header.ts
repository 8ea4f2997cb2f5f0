/**
 * The header of an rpm package as databases hold it: counts, an index of tags, then their values. All numbers are
 * big-endian.
 */
import { malformed } from '../../files/malformed.ts';

/** The tags that are read. */
export const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  installTime: 1008,
  vendor: 1011,
  arch: 1022,
  sourceRpm: 1044,
  /** Of each file. */
  fileModes: 1030,
  fileDigests: 1035,
  fileLinks: 1036,
  fileFlags: 1037,
  fileUsers: 1039,
  fileGroups: 1040,
  fileStates: 1029,
  fileVerifyFlags: 1045,
  fileCapabilities: 5010,
  fileDigestAlgorithm: 5011,
  /** Of each file, the number of its folder; its base name; and the folders. */
  folderNumbers: 1116,
  baseNames: 1117,
  folders: 1118,
  modularityLabel: 5096,
} as const;
type Tag = (typeof tags)[keyof typeof tags];

/** Types of values, and the bytes of numbers. */
const int32 = 4;
const numberBytes: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 2: 1, 3: 2, [int32]: 4 };
const string = 6;
const stringArray = 8;
const translatedString = 9;

/** As rpm limits them. */
const mostEntries = 0xffff;
const mostDataBytes = 0x0fff_ffff;
const entryBytes = 16;
/** PATH_MAX of Linux. */
const mostPathBytes = 4096;

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

const wanted: ReadonlySet<number> = new Set(Object.values(tags));

export class RpmHeader {
  readonly #entries = new Map<number, Entry>();
  readonly #data: Buffer;

  /** @throws CodedError `database-malformed` */
  constructor(blob: Buffer) {
    if (blob.length < 8) throw malformed('a header of at least 8 bytes', blob.length);
    const [entries, dataBytes] = [blob.readUInt32BE(0), blob.readUInt32BE(4)];
    if (entries > mostEntries || dataBytes > mostDataBytes || 8 + entries * entryBytes + dataBytes > blob.length)
      throw malformed(`a header within its ${blob.length} bytes`, `${entries} entries and ${dataBytes} bytes`);
    const start = 8 + entries * entryBytes;
    this.#data = blob.subarray(start, start + dataBytes);
    for (let at = 8; at < start; at += entryBytes) {
      const tag = blob.readUInt32BE(at);
      if (!wanted.has(tag)) continue;
      const entry = {
        type: blob.readUInt32BE(at + 4),
        offset: blob.readInt32BE(at + 8),
        count: blob.readUInt32BE(at + 12),
      };
      if (entry.offset < 0 || entry.offset >= dataBytes) throw malformed('a value within the header', entry.offset);
      // Entries behind the region of the signed ones take the place of those in it.
      this.#entries.set(tag, entry);
    }
  }

  /** In Latin-1: a character is a byte. Of several translations the first. */
  text(tag: Tag): string | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined || (entry.type !== string && entry.type !== translatedString)) return undefined;
    const end = this.#data.indexOf(0, entry.offset);
    if (end < 0) throw malformed('the end of a text', 'the end of the header');
    return this.#data.toString('latin1', entry.offset, end);
  }

  number(tag: Tag): number | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined || entry.type !== int32 || entry.count === 0) return undefined;
    if (entry.offset + 4 > this.#data.length) throw malformed('a number within the header', entry.offset);
    return this.#data.readUInt32BE(entry.offset);
  }

  /** Unsigned; none where the header has no such list. */
  numbers(tag: Tag): readonly number[] {
    const entry = this.#entries.get(tag);
    const size = numberBytes[entry?.type ?? 0];
    if (entry === undefined || size === undefined) return [];
    if (entry.offset + entry.count * size > this.#data.length)
      throw malformed('numbers within the header', entry.count);
    return Array.from({ length: entry.count }, (_, index) => this.#data.readUIntBE(entry.offset + index * size, size));
  }

  /** In Latin-1; none where the header has no such list. */
  texts(tag: Tag): readonly string[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined || entry.type !== stringArray) return [];
    const texts: string[] = [];
    let start = entry.offset;
    while (texts.length < entry.count) {
      const end = this.#data.indexOf(0, start);
      if (end < 0) throw malformed('the end of a text', 'the end of the header');
      texts.push(this.#data.toString('latin1', start, end));
      start = end + 1;
    }
    return texts;
  }

  /** The files of the package, in Latin-1. */
  *paths(): Generator<string> {
    const names = this.texts(tags.baseNames);
    const folders = this.texts(tags.folders);
    const numbers = this.#entries.get(tags.folderNumbers);
    for (const [index, name] of names.entries()) {
      const at = (numbers?.offset ?? 0) + index * 4;
      if (numbers === undefined || numbers.type !== int32 || at + 4 > this.#data.length)
        throw malformed('a folder for each file', `${names.length} files`);
      const folder = folders[this.#data.readUInt32BE(at)] ?? '';
      // Otherwise one long folder for many short names would be as long as all of them.
      if (folder.length + name.length > mostPathBytes)
        throw malformed(`a path of at most ${mostPathBytes} bytes`, folder.length + name.length);
      yield `${folder}${name}`;
    }
  }
}
