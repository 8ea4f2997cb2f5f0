/** Binary forms of keys: length-prefixed strings of SSH, and DER. Every length is checked against what is there. */

/** What is read is not what the form says. */
export class BadKey extends Error {}

/** @see RFC 4251, section 5 */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws BadKey */
  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new BadKey();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** @throws BadKey */
  number(): number {
    return this.take(4).readUInt32BE();
  }

  /** @throws BadKey */
  string(): Buffer {
    return this.take(this.number());
  }

  /** A name of an algorithm. @throws BadKey */
  name(): string {
    const bytes = this.string();
    const text = bytes.toString('latin1');
    if (bytes.length === 0 || bytes.length > 128 || !/^[\x21-\x7e]+$/.test(text)) throw new BadKey();
    return text;
  }
}

export function toWireString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The number of bits of a positive integer. */
export function bitsOf(integer: Buffer): number {
  const first = integer.findIndex((byte) => byte !== 0);
  if (first === -1) return 0;
  return (integer.length - first) * 8 - (Math.clz32(integer[first] ?? 0) - 24);
}

interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
}

/** Values of a DER sequence, one after the other. @see X.690 */
export class DerReader {
  readonly #wire: WireReader;

  constructor(bytes: Buffer) {
    this.#wire = new WireReader(bytes);
  }

  get isAtEnd(): boolean {
    return this.#wire.isAtEnd;
  }

  /** @throws BadKey */
  next(): DerValue {
    const [tag = 0, first = 0] = this.#wire.take(2);
    if (first < 0x80) return { tag, content: this.#wire.take(first) };
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new BadKey();
    return { tag, content: this.#wire.take(this.#wire.take(count).readUIntBE(0, count)) };
  }

  /** @throws BadKey on another tag. */
  expect(tag: number): Buffer {
    const value = this.next();
    if (value.tag !== tag) throw new BadKey();
    return value.content;
  }
}
