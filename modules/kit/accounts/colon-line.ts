/**
 * Lines of passwd(5) and its relatives, parsed like the C library's `files` source does, so that both have the same
 * accounts. Content is Latin-1 text: one character for each byte.
 */

const maximum = 0xffff_ffff;

/** Undefined outside of 32 bits. */
function toUnsigned(digits: string): number | undefined {
  const value = Math.abs(Number(digits));
  return value > maximum || (digits.startsWith('-') && value !== 0) ? undefined : value;
}

/** Reads the fields of one line from left to right. */
export class FieldReader {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  /** What the fields that were read leave. */
  get rest(): string {
    return this.#rest;
  }

  /** Empty after the last field. */
  text(): string {
    const end = this.#rest.indexOf(':');
    const field = end === -1 ? this.#rest : this.#rest.slice(0, end);
    this.#rest = end === -1 ? '' : this.#rest.slice(end + 1);
    return field;
  }

  /** Null for an empty field; undefined for what is no number of 32 bits, and at the end of the line. */
  number(): number | null | undefined {
    if (this.#rest === '') return undefined;
    const [, digits, terminator] = /^(?:[ \t\v\f\r]*([+-]?\d+))?(:|$)/.exec(this.#rest) ?? [];
    if (terminator === undefined) return undefined;
    this.text();
    return digits === undefined ? null : toUnsigned(digits);
  }

  /** The names of a comma-separated field, which is the rest of the line unless `isLast` is false. */
  names(isLast = true): string[] {
    const field = isLast ? this.#rest : this.text();
    return field
      .split(',')
      .map((name) => name.replace(/^[ \t\v\f\r]+/, ''))
      .filter((name) => name !== '');
  }

  skipBlanks(): void {
    this.#rest = this.#rest.replace(/^[ \t\v\f\r]+/, '');
  }
}

/** Names that begin with `+` or `-` stand for accounts of a directory such as NIS. @see nsswitch.conf(5) compat */
export function isDirectoryName(name: string): boolean {
  return name.startsWith('+') || name.startsWith('-');
}
