/** The sections of a program. @see elf(5) */
import { malformed } from '../../kit/files/malformed.ts';
import type { ByteSource } from './found-package.ts';

/** More are in no program. */
const mostSections = 4096;
const mostNameBytes = 1024 * 1024;

interface Section {
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** Sections without bytes in the file. */
const noBytes = 8;

/** Numbers as the file has them: of 32 or 64 bits, of either order. */
class Numbers {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;

  constructor(bytes: Buffer, isLittle: boolean) {
    this.#bytes = bytes;
    this.#isLittle = isLittle;
  }

  get length(): number {
    return this.#bytes.length;
  }

  half(offset: number): number {
    return this.#isLittle ? this.#bytes.readUInt16LE(offset) : this.#bytes.readUInt16BE(offset);
  }

  word(offset: number): number {
    return this.#isLittle ? this.#bytes.readUInt32LE(offset) : this.#bytes.readUInt32BE(offset);
  }

  /** Beyond 2^53 it is no offset of any file. */
  long(offset: number): number {
    return Number(this.#isLittle ? this.#bytes.readBigUInt64LE(offset) : this.#bytes.readBigUInt64BE(offset));
  }
}

export class ElfFile {
  readonly #source: ByteSource;
  readonly #is64: boolean;
  readonly #isLittle: boolean;
  readonly #sections = new Map<string, Section>();

  /** Undefined for what is no such program. @throws CodedError `database-malformed`, the system's errors */
  static open(source: ByteSource): ElfFile | undefined {
    const head = source.readAt(0, 64);
    const isElf = head.length === 64 && head.readUInt32BE(0) === 0x7f454c46;
    return isElf ? new ElfFile(source, head) : undefined;
  }

  private constructor(source: ByteSource, head: Buffer) {
    this.#source = source;
    this.#is64 = head[4] === 2;
    this.#isLittle = head[5] === 1;
    const numbers = new Numbers(head, this.#isLittle);
    const [table, size, count, names] = this.#is64
      ? [numbers.long(40), numbers.half(58), numbers.half(60), numbers.half(62)]
      : [numbers.word(32), numbers.half(46), numbers.half(48), numbers.half(50)];
    if (table === 0 || count === 0) return;
    if (size < (this.#is64 ? 64 : 40) || count > mostSections)
      throw malformed('a table of sections', `${count} entries of ${size} bytes`);
    this.#readSections(new Numbers(this.#read(table, size * count), this.#isLittle), size, names);
  }

  /** @throws CodedError `database-malformed` */
  #read(offset: number, length: number): Buffer {
    const end = offset + length;
    if (!Number.isSafeInteger(end) || end > this.#source.sizeBytes)
      throw malformed(`parts within the ${this.#source.sizeBytes} bytes of the file`, `one up to ${end}`);
    return this.#source.readAt(offset, length);
  }

  #readSections(table: Numbers, size: number, namesIndex: number): void {
    const sections = Array.from({ length: Math.floor(table.length / size) }, (_, index) => {
      const at = index * size;
      const section: Section = this.#is64
        ? {
            type: table.word(at + 4),
            address: table.long(at + 16),
            offset: table.long(at + 24),
            size: table.long(at + 32),
          }
        : {
            type: table.word(at + 4),
            address: table.word(at + 12),
            offset: table.word(at + 16),
            size: table.word(at + 20),
          };
      return { section, name: table.word(at) };
    });
    const named = sections[namesIndex]?.section;
    if (named === undefined || named.type === noBytes) return;
    const names = this.#read(named.offset, Math.min(named.size, mostNameBytes));
    for (const { section, name } of sections) {
      const end = names.indexOf(0, name);
      if (end >= 0) this.#sections.set(names.toString('latin1', name, end), section);
    }
  }

  /** Undefined when there is none. @throws CodedError `database-malformed`, also for one larger than `most` */
  section(name: string, most: number): Buffer | undefined {
    const section = this.#sections.get(name);
    if (section === undefined || section.type === noBytes) return undefined;
    if (section.size > most) throw malformed(`a section ${name} of at most ${most} bytes`, section.size);
    return this.#read(section.offset, section.size);
  }

  /** Bytes of the program as it would be in memory. @throws CodedError `database-malformed` */
  atAddress(address: number, length: number): Buffer {
    for (const section of this.#sections.values()) {
      const within = address - section.address;
      if (section.type === noBytes || section.address === 0 || within < 0 || within + length > section.size) continue;
      return this.#read(section.offset + within, length);
    }
    throw malformed('an address in a section', address);
  }

  /** A number of the program's own size. @throws CodedError `database-malformed` */
  toAddress(bytes: Buffer, offset: number): number {
    const size = this.#is64 ? 8 : 4;
    if (offset + size > bytes.length) throw malformed('a whole address', `${bytes.length} bytes`);
    const numbers = new Numbers(bytes, this.#isLittle);
    return this.#is64 ? numbers.long(offset) : numbers.word(offset);
  }

  get addressBytes(): number {
    return this.#is64 ? 8 : 4;
  }
}
