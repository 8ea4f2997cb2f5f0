/** Patterns as sequences of characters, to tell whether two of them may overlap in a line. */
import { Untranslated } from './untranslated.ts';

/** One bit for each ASCII character, and one for all others. */
type Characters = bigint;

export interface Step {
  readonly characters: Characters;
  readonly least: number;
  /** Infinity for no limit. */
  readonly most: number;
  readonly text: string;
}

export interface Sequence {
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly steps: readonly Step[];
}

const mostAlternatives = 64;
const mostCopies = 64;
const others = 128;
const everything: Characters = (1n << 129n) - 1n;

const bitOf = (code: number): Characters => 1n << BigInt(Math.min(code, others));
const charactersOf = (fits: (letter: string) => boolean): Characters =>
  Array.from({ length: 128 }, (_, code) => code)
    .filter((code) => fits(String.fromCharCode(code)))
    .reduce((set, code) => set | bitOf(code), 0n);

export const blanks = charactersOf((letter) => /\s/.test(letter));
export const decimals = charactersOf((letter) => /\d/.test(letter));
const words = charactersOf((letter) => /\w/.test(letter));
const classes: Readonly<Record<string, Characters>> = {
  s: blanks,
  S: everything & ~blanks,
  d: decimals,
  D: everything & ~decimals,
  w: words,
  W: everything & ~words,
  t: bitOf(9),
};

/** The letter in both cases. */
function lettersOf(letter: string): Characters {
  return bitOf(letter.toLowerCase().charCodeAt(0)) | bitOf(letter.toUpperCase().charCodeAt(0));
}

/** Of what stands between brackets, which JavaScript reads as PCRE2 does. */
function ofBrackets(text: string): Characters {
  if (/\[[:.=]/.test(text.slice(1)) || /[^\0-\x7f]/.test(text)) throw new Untranslated(`the characters ${text}`);
  const regex = new RegExp(text, 'i');
  return (
    charactersOf((letter) => regex.test(letter)) | (text.startsWith('[^') || /\\[SDW]/.test(text) ? bitOf(others) : 0n)
  );
}

function join(left: readonly Sequence[], right: readonly Sequence[]): readonly Sequence[] {
  if (left.length * right.length > mostAlternatives) throw new Untranslated('too many alternatives in a pattern');
  return left.flatMap((one) =>
    right.map((other) => {
      if ((one.atEnd && (other.steps.length > 0 || other.atStart)) || (other.atStart && one.steps.length > 0))
        throw new Untranslated('a pattern with ^ or $ in its middle');
      return {
        atStart: one.atStart || other.atStart,
        atEnd: one.atEnd || other.atEnd,
        steps: [...one.steps, ...other.steps],
      };
    }),
  );
}

const empty: Sequence = { atStart: false, atEnd: false, steps: [] };

/** Reads a pattern in the syntax that PCRE2 and RE2 share, without what is rare in policies. */
class PatternReader {
  #at = 0;
  readonly #pattern: string;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): readonly Sequence[] {
    const alternatives = this.#readAlternatives();
    if (this.#at < this.#pattern.length) throw new Untranslated('a ) without a (');
    return alternatives;
  }

  #readAlternatives(): readonly Sequence[] {
    const alternatives: Sequence[] = [];
    do alternatives.push(...this.#readOne());
    while (this.#take('|'));
    return alternatives;
  }

  #take(text: string): boolean {
    const isThere = this.#pattern.startsWith(text, this.#at);
    if (isThere) this.#at += text.length;
    return isThere;
  }

  #readOne(): readonly Sequence[] {
    let sequences: readonly Sequence[] = [empty];
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at] ?? '')) {
      if (this.#take('^')) sequences = join(sequences, [{ ...empty, atStart: true }]);
      else if (this.#take('$')) sequences = join(sequences, [{ ...empty, atEnd: true }]);
      else if (this.#take('(')) sequences = join(sequences, this.#readGroup());
      else sequences = join(sequences, [{ ...empty, steps: [this.#readStep()] }]);
    }
    return sequences;
  }

  #readGroup(): readonly Sequence[] {
    if (this.#pattern[this.#at] === '?' && !this.#take('?:'))
      throw new Untranslated('a pattern with a group of options');
    const inner = this.#readAlternatives();
    if (!this.#take(')')) throw new Untranslated('a ( without a )');
    if (/^[*+?{]/.test(this.#pattern.slice(this.#at))) throw new Untranslated('a pattern with a repeated group');
    return inner;
  }

  #readStep(): Step {
    const [one = ''] = /^(?:\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|[^\\[])/.exec(this.#pattern.slice(this.#at)) ?? [];
    if (one === '' || /^[*+?]/.test(one)) throw new Untranslated('a pattern that is not complete');
    this.#at += one.length;
    const [repeat = '', sign = '', least = '', comma = '', most = ''] =
      /^(?:([*+?])|\{(\d{1,3})(,?)(\d{0,3})\})[?]?/.exec(this.#pattern.slice(this.#at)) ?? [];
    this.#at += repeat.length;
    if (/^[+*?]/.test(this.#pattern.slice(this.#at))) throw new Untranslated('a possessive quantifier');
    return { ...this.#boundsOf(sign, least, comma, most), characters: this.#charactersOf(one), text: one + repeat };
  }

  #boundsOf(sign: string, least: string, comma: string, most: string): { least: number; most: number } {
    if (sign !== '') return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
    if (least === '') return { least: 1, most: 1 };
    const upper = most !== '' ? Number(most) : comma === '' ? Number(least) : Number.POSITIVE_INFINITY;
    return { least: Number(least), most: upper };
  }

  #charactersOf(one: string): Characters {
    if (one === '.') return everything;
    if (one.startsWith('[')) return ofBrackets(one);
    if (!one.startsWith('\\')) return lettersOf(one);
    const letter = one.slice(1);
    const known = classes[letter];
    if (known === undefined && /[A-Za-z0-9]/.test(letter)) throw new Untranslated(`\\${letter} in a pattern`);
    return known ?? lettersOf(letter);
  }
}

/** The alternatives of a pattern. @throws Untranslated */
export function toSequences(pattern: string): readonly Sequence[] {
  return new PatternReader(pattern).read();
}

interface Copy {
  readonly characters: Characters;
  readonly isOptional: boolean;
  readonly repeats: boolean;
}

function toCopies({ steps }: Sequence): readonly Copy[] {
  const copies = steps.flatMap(({ characters, least, most }) => [
    ...Array.from({ length: least }, () => ({ characters, isOptional: false, repeats: false })),
    ...(most === Number.POSITIVE_INFINITY
      ? [{ characters, isOptional: true, repeats: true }]
      : Array.from({ length: most - least }, () => ({ characters, isOptional: true, repeats: false }))),
  ]);
  if (copies.length > mostCopies * 4) throw new Untranslated('a long pattern beside another');
  return copies;
}

/** Copies that may take the next character; the length of all when none need to. */
function nextOf(copies: readonly Copy[], at: number): number[] {
  const next = [at];
  for (let index = at; copies[index]?.isOptional === true; index += 1) next.push(index + 1);
  return next;
}

/** Whether `second` may begin within a match of `first`. */
function mayBeginWithin(first: readonly Copy[], second: readonly Copy[]): boolean {
  const seen = new Set<string>();
  const left = first.map((_, at): readonly [number, number] => [at, 0]);
  for (let pair = left.pop(); pair !== undefined; pair = left.pop()) {
    for (const one of nextOf(first, pair[0]))
      for (const other of nextOf(second, pair[1])) {
        const [a, b] = [first[one], second[other]];
        if (a === undefined || b === undefined || (a.characters & b.characters) === 0n) continue;
        const [afterOne, afterOther] = [a.repeats ? one : one + 1, b.repeats ? other : other + 1];
        if (nextOf(first, afterOne).includes(first.length) || nextOf(second, afterOther).includes(second.length))
          return true;
        const name = `${afterOne} ${afterOther}`;
        if (!seen.has(name)) left.push([afterOne, afterOther]);
        seen.add(name);
      }
  }
  return false;
}

/** False when no match of one can share a character with a match of the other. */
export function mayOverlap(one: Sequence, other: Sequence): boolean {
  const [a, b] = [toCopies(one), toCopies(other)];
  return mayBeginWithin(a, b) || mayBeginWithin(b, a);
}

/** Without what a match may have at its open ends, or may not. */
export function trim({ atStart, atEnd, steps }: Sequence): Sequence {
  const kept = [...steps];
  const isIdle = (step: Step | undefined): boolean => step?.least === 0;
  while (!atStart && isIdle(kept[0])) kept.shift();
  while (!atEnd && isIdle(kept.at(-1))) kept.pop();
  return { atStart, atEnd, steps: kept };
}

/** Every way in which a match of both can share characters. @throws Untranslated where one may have several lengths */
export function mergeSequences(one: Sequence, other: Sequence): readonly Sequence[] {
  const isPlain = ({ steps }: Sequence): boolean => steps.every(({ least, most }) => least === 1 && most === 1);
  if (!isPlain(one) || !isPlain(other)) {
    const [left, right] = [one, other].map(({ steps }) => steps.map(({ text }) => text).join(''));
    throw new Untranslated(`patterns of one line that may overlap, ${left} and ${right}`);
  }
  const shifts = Array.from(
    { length: one.steps.length + other.steps.length - 1 },
    (_, at) => at - other.steps.length + 1,
  );
  return shifts.flatMap((shift) => mergeAt(one, other, shift) ?? []);
}

/** With the first step of `other` that many behind the first of `one`. */
function mergeAt(one: Sequence, other: Sequence, shift: number): Sequence | undefined {
  const end = Math.max(one.steps.length, other.steps.length + shift);
  const begin = Math.min(0, shift);
  const isOff =
    (one.atStart && shift < 0) ||
    (other.atStart && shift > 0) ||
    (one.atEnd && end > one.steps.length) ||
    (other.atEnd && end > other.steps.length + shift);
  if (isOff) return undefined;
  const steps: Step[] = [];
  for (let at = begin; at < end; at += 1) {
    const [a, b] = [one.steps[at], other.steps[at - shift]];
    const both = (a?.characters ?? everything) & (b?.characters ?? everything);
    if (both === 0n) return undefined;
    const step = both === a?.characters ? a : both === b?.characters ? b : undefined;
    if (step === undefined) throw new Untranslated('patterns of one line whose classes of characters overlap');
    steps.push(step);
  }
  return { atStart: one.atStart || other.atStart, atEnd: one.atEnd || other.atEnd, steps };
}
