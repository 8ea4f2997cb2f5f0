/** Parses RE2 syntax, as far as deciding on matches needs it. */
import {
  allButLineFeed,
  type CharacterSet,
  complement,
  escapeClasses,
  everything,
  ignoringCase,
  posixClasses,
  range,
  union,
  unknown,
} from './character-set.ts';

/** Between two characters. `begin` and `end` are those of the text. */
export type Assertion = 'begin' | 'end' | 'line-begin' | 'line-end' | 'boundary' | 'no-boundary';

export type Node =
  | { readonly kind: 'take'; readonly set: CharacterSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  /** One after the other; without parts, the empty text. */
  | { readonly kind: 'all'; readonly parts: readonly Node[] }
  | { readonly kind: 'any'; readonly parts: readonly Node[] }
  /** `most` is null without a limit. */
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number | null };

/** Syntax, or a size, that is not decided on. */
export class NotUnderstood extends Error {}

const empty: Node = { kind: 'all', parts: [] };
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const repetition = /([*+?])\??|\{(\d+)(,?)(\d*)\}\??/;

class PatternReader {
  readonly #pattern: string;
  #at = 0;
  #flags = new Set<string>();
  /** Between `\Q` and `\E`. */
  #isQuoted = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): Node {
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
    const sticky = new RegExp(expression, `${expression.flags}y`);
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#pattern);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #alternation(): Node {
    const parts = [this.#concatenation()];
    while (this.#accept('|')) parts.push(this.#concatenation());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'any', parts };
  }

  #concatenation(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#pattern.length && (this.#isQuoted || !/[|)]/.test(this.#pattern[this.#at] ?? '')))
      parts.push(this.#repeated());
    return { kind: 'all', parts };
  }

  #repeated(): Node {
    let part = this.#atom();
    while (!this.#isQuoted) {
      const [whole, sign, least, comma, most] = this.#match(repetition) ?? [];
      if (whole === undefined) break;
      // RE2 lets it belong to what is before a part without text, such as (?i) or \Q\E.
      if (part === empty) throw new NotUnderstood();
      if (sign !== undefined)
        part = { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : null };
      else {
        const [from, to] = [Number(least), most === '' ? null : Number(most)];
        part = { kind: 'repeat', part, least: from, most: comma === '' ? from : to };
      }
    }
    return part;
  }

  #atom(): Node {
    if (this.#isQuoted || this.#accept('\\Q')) return this.#quoted();
    if (this.#accept('(')) return this.#group();
    if (this.#accept('[')) return this.#class();
    if (this.#accept('.')) return { kind: 'take', set: this.#flags.has('s') ? everything : allButLineFeed };
    if (this.#accept('^')) return this.#assert(this.#flags.has('m') ? 'line-begin' : 'begin');
    if (this.#accept('$')) return this.#assert(this.#flags.has('m') ? 'line-end' : 'end');
    if (this.#accept('\\A')) return this.#assert('begin');
    if (this.#accept('\\z')) return this.#assert('end');
    if (this.#accept('\\b')) return this.#assert('boundary');
    if (this.#accept('\\B')) return this.#assert('no-boundary');
    return this.#take(this.#classEscape() ?? this.#literal());
  }

  #assert(what: Assertion): Node {
    return { kind: 'assert', what };
  }

  #take(set: CharacterSet): Node {
    return { kind: 'take', set: this.#flags.has('i') ? ignoringCase(set) : set };
  }

  /** `\d`, `\D` or `\pL`; undefined for anything else. */
  #classEscape(): CharacterSet | undefined {
    if (this.#match(/\\[pP](?:\{[^}]*\}|.)/) !== null) return unknown;
    const letter = this.#match(/\\([dswDSW])/)?.[1];
    const inside = escapeClasses[letter?.toLowerCase() ?? ''];
    if (letter === undefined || inside === undefined) return undefined;
    if (!/[DSW]/.test(letter)) return inside;
    return complement(this.#flags.has('i') ? ignoringCase(inside) : inside);
  }

  #literal(): CharacterSet {
    const point = this.#codePoint();
    return range(point, point);
  }

  #codePoint(): number {
    const [, long, short, octal, control] =
      this.#match(/\\x\{([0-9a-fA-F]+)\}|\\x([0-9a-fA-F]{2})|\\(0[0-7]{0,2})|\\([aftnrv])/) ?? [];
    const hex = long ?? short;
    if (hex !== undefined) return Number.parseInt(hex, 16);
    if (octal !== undefined) return Number.parseInt(octal, 8);
    if (control !== undefined) return controls[control] ?? 0;
    const [literal, escaped] = this.#match(/\\([^A-Za-z0-9])|[^\\]/u) ?? [];
    if (literal === undefined) throw new NotUnderstood();
    return (escaped ?? literal).codePointAt(0) ?? 0;
  }

  #class(): Node {
    const isNegated = this.#accept('^');
    const members: CharacterSet[] = [];
    do members.push(this.#posixClass() ?? this.#classEscape() ?? this.#classRange());
    while (!this.#accept(']'));
    const written = union(members);
    const set = this.#flags.has('i') ? ignoringCase(written) : written;
    return { kind: 'take', set: isNegated ? complement(set) : set };
  }

  #posixClass(): CharacterSet | undefined {
    const [whole, sign, name] = this.#match(/\[:(\^?)(\w+):\]/) ?? [];
    if (whole === undefined) return undefined;
    const set = posixClasses[name ?? ''];
    if (set === undefined) throw new NotUnderstood();
    return sign === '' ? set : complement(set);
  }

  #classRange(): CharacterSet {
    const low = this.#codePoint();
    return range(low, this.#match(/-(?!\])/) === null ? low : this.#codePoint());
  }

  /** One character, since a repetition behind `\E` belongs to the last. */
  #quoted(): Node {
    this.#isQuoted = !this.#accept('\\E') && this.#at < this.#pattern.length;
    if (!this.#isQuoted) return empty;
    const point = this.#pattern.codePointAt(this.#at) ?? 0;
    this.#at += String.fromCodePoint(point).length;
    if (this.#accept('\\E')) this.#isQuoted = false;
    return this.#take(range(point, point));
  }

  #group(): Node {
    const before = new Set(this.#flags);
    const [, flags, end] = this.#match(/\?([imsU-]*)([:)])/) ?? this.#match(/\?P?<\w+>/) ?? [];
    const [on = '', off = ''] = flags?.split('-') ?? [];
    for (const flag of on) this.#flags.add(flag);
    for (const flag of off) this.#flags.delete(flag);
    if (end === ')') return empty;
    const inside = this.#alternation();
    if (!this.#accept(')')) throw new NotUnderstood();
    this.#flags = before;
    return inside;
  }
}

/** @throws NotUnderstood */
export function parsePattern(pattern: string): Node {
  return new PatternReader(pattern).read();
}
