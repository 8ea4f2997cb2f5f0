/**
 * Whether an RE2 pattern can match any text of some characters: a line has no line feed, a base name no slash. Used on
 * questions before they are asked; what is not understood counts as possible.
 */

type Allows = (codePoint: number) => boolean;

/** A part of a pattern: whether it can match, and the least number of characters that it then takes. */
interface Part {
  readonly can: boolean;
  readonly least: number;
  readonly anchor?: 'begin' | 'end';
}

const empty: Part = { can: true, least: 0 };

const classEscapes: Readonly<Record<string, Allows>> = {
  d: (point) => point >= 0x30 && point <= 0x39,
  w: (point) => /\w/.test(String.fromCodePoint(point)),
  s: (point) => [9, 10, 12, 13, 32].includes(point),
};
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
/** Of a class, ASCII is tried; everything beyond is alike. */
const tried = [...Array.from({ length: 128 }, (_, point) => point), 0xe9, 0x20ac];

class NotUnderstood extends Error {}

class PatternReader {
  readonly #pattern: string;
  readonly #allows: Allows;
  #at = 0;
  #isMultiLine = false;

  constructor(pattern: string, allows: Allows) {
    this.#pattern = pattern;
    this.#allows = allows;
  }

  read(): Part {
    const whole = this.#alternation();
    if (this.#at < this.#pattern.length) throw new NotUnderstood();
    return whole;
  }

  #accept(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(expression: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(expression, 'y');
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#pattern);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #alternation(): Part {
    const parts = [this.#concatenation()];
    while (this.#accept('|')) parts.push(this.#concatenation());
    const possible = parts.filter(({ can }) => can);
    return {
      can: possible.length > 0,
      least: Math.min(...(possible.length > 0 ? possible : parts).map((one) => one.least)),
    };
  }

  #concatenation(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern[this.#at] ?? '')) parts.push(this.#repeated());
    const sum = (some: readonly Part[]): number => some.reduce((total, { least }) => total + least, 0);
    const isMisplaced = parts.some(
      ({ anchor }, index) =>
        (anchor === 'begin' && sum(parts.slice(0, index)) > 0) || (anchor === 'end' && sum(parts.slice(index + 1)) > 0),
    );
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return { can: !isMisplaced && parts.every(({ can }) => can), least: sum(parts) };
  }

  #repeated(): Part {
    let part = this.#atom();
    for (;;) {
      const [sign, from] = this.#match(/[*+?]\??|\{(\d+)(?:,\d*)?\}\??/) ?? [];
      if (sign === undefined) return part;
      const times = from === undefined ? (sign.startsWith('+') ? 1 : 0) : Number(from);
      part = times === 0 ? empty : { can: part.can, least: part.least * times };
    }
  }

  #atom(): Part {
    if (this.#accept('(')) return this.#group();
    if (this.#accept('[')) return this.#class();
    if (this.#accept('.')) return this.#one((point) => point !== 10);
    if (this.#accept('^')) return this.#isMultiLine ? empty : { ...empty, anchor: 'begin' };
    if (this.#accept('$')) return this.#isMultiLine ? empty : { ...empty, anchor: 'end' };
    if (this.#accept('\\Q')) return this.#quoted();
    if (this.#accept('\\A')) return { ...empty, anchor: 'begin' };
    if (this.#accept('\\z')) return { ...empty, anchor: 'end' };
    if (this.#match(/\\[bB]/) !== null) return empty;
    return this.#one(this.#character());
  }

  /** The characters of a literal, of `\d` or of `\pL`. */
  #character(): Allows {
    const [, letter] = this.#match(/\\([dswDSW])/) ?? [];
    const inside = classEscapes[letter?.toLowerCase() ?? ''];
    if (letter !== undefined && inside !== undefined) return /[DSW]/.test(letter) ? (point) => !inside(point) : inside;
    if (this.#match(/\\[pP](?:\{[^}]*\}|.)|\\C/) !== null) return () => true;
    const point = this.#codePoint();
    return point > 127 ? (other) => other > 127 : (other) => other === point;
  }

  #codePoint(): number {
    const [, hex] = this.#match(/\\x\{([0-9a-fA-F]+)\}/) ?? [];
    if (hex !== undefined) return Number.parseInt(hex, 16);
    const [written, letter] = this.#match(/\\x[0-9a-fA-F]{2}|\\0[0-7]{0,2}|\\([aftnrv])/) ?? [];
    if (letter !== undefined) return controls[letter] ?? 0;
    if (written !== undefined)
      return Number.parseInt(written.slice(written[1] === 'x' ? 2 : 1), written[1] === 'x' ? 16 : 8);
    const [literal, escaped] = this.#match(/\\([^A-Za-z0-9])|[^\\]/u) ?? [];
    if (literal === undefined) throw new NotUnderstood();
    return (escaped ?? literal).codePointAt(0) ?? 0;
  }

  #one(isMeant: Allows): Part {
    return { can: this.#includes(isMeant), least: 1 };
  }

  #includes(isMeant: Allows): boolean {
    return tried.some((point) => isMeant(point) && this.#allows(point));
  }

  #class(): Part {
    const isNegated = this.#accept('^');
    const members: Allows[] = [];
    do {
      if (this.#match(/\[:\^?\w+:\]/) !== null) throw new NotUnderstood();
      const from = this.#match(/\\([dswDSW])/)?.[1];
      if (from !== undefined) {
        this.#at -= 2;
        members.push(this.#character());
        continue;
      }
      const low = this.#codePoint();
      const high = this.#match(/-(?!\])/) === null ? low : this.#codePoint();
      members.push((point) => point >= low && point <= high);
      // Beyond what is tried, a class is not looked into.
      if (high > 127) members.push((point) => point > 127);
    } while (!this.#accept(']'));
    const isMember: Allows = (point) => members.some((member) => member(point));
    return this.#one(isNegated ? (point) => !isMember(point) : isMember);
  }

  #quoted(): Part {
    const end = this.#pattern.indexOf('\\E', this.#at);
    const text = this.#pattern.slice(this.#at, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#pattern.length : end + 2;
    const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    return { can: points.every((point) => this.#allows(point)), least: points.length };
  }

  #group(): Part {
    const before = this.#isMultiLine;
    const [, flags, end] = this.#match(/\?([imsU-]*)([:)])/) ?? this.#match(/\?P?<\w+>/) ?? [];
    if (flags !== undefined) {
      const [on = '', off = ''] = flags.split('-');
      if (on.includes('m')) this.#isMultiLine = true;
      if (off.includes('m')) this.#isMultiLine = false;
      // RE2 lets a repetition behind it belong to what is before it.
      if (end === ')' && /[*+?{]/.test(this.#pattern[this.#at] ?? '')) throw new NotUnderstood();
      if (end === ')') return empty;
    }
    const inside = this.#alternation();
    if (!this.#accept(')')) throw new NotUnderstood();
    this.#isMultiLine = before;
    return { can: inside.can, least: inside.least };
  }
}

/** @param allows the characters that a text can have; those beyond ASCII are asked for by two of them. */
export function canMatch(pattern: string, allows: Allows): boolean {
  try {
    return new PatternReader(pattern, allows).read().can;
  } catch (error) {
    if (error instanceof NotUnderstood) return true;
    throw error;
  }
}
