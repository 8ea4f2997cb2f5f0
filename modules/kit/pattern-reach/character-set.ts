/**
 * The characters that one place of a pattern takes: each of ASCII exactly or perhaps, those beyond ASCII together. A
 * set that is not known exactly takes more than it says, never less.
 */

/** Whether a character is in the set. */
export const never = 0;
const perhaps = 1;
export const always = 2;

export interface CharacterSet {
  /** By code point, 128 of them. */
  readonly ascii: Uint8Array;
  /** Whether some character beyond ASCII is perhaps in the set. */
  readonly beyond: boolean;
}

type Test = (point: number) => boolean;

const asciiSize = 128;

function setOf(test: Test, beyond: boolean): CharacterSet {
  return { ascii: Uint8Array.from({ length: asciiSize }, (_, point) => (test(point) ? always : never)), beyond };
}

export const everything = setOf(() => true, true);
export const allButLineFeed = setOf((point) => point !== 0x0a, true);
/** Of a class by Unicode property. */
export const unknown: CharacterSet = { ascii: new Uint8Array(asciiSize).fill(perhaps), beyond: true };

export function range(low: number, high: number): CharacterSet {
  return setOf((point) => point >= low && point <= high, high >= asciiSize);
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  return {
    ascii: Uint8Array.from({ length: asciiSize }, (_, point) =>
      sets.reduce((most, { ascii }) => Math.max(most, ascii[point] ?? never), never),
    ),
    beyond: sets.some(({ beyond }) => beyond),
  };
}

export function complement({ ascii }: CharacterSet): CharacterSet {
  return { ascii: ascii.map((membership) => always - membership), beyond: true };
}

/** The other case of an ASCII letter; other characters stay. */
function swapCase(point: number): number {
  return /[A-Za-z]/.test(String.fromCharCode(point)) ? point ^ 0x20 : point;
}

/** For RE2 with `(?i)`, k is also the Kelvin sign U+212A, and s the long s U+017F. */
const foldedBeyond = ['k', 's', 'K', 'S'].map((letter) => letter.charCodeAt(0));

/** What the set takes when case does not count. */
export function ignoringCase({ ascii, beyond }: CharacterSet): CharacterSet {
  const folded = ascii.map((membership, point) => Math.max(membership, ascii[swapCase(point)] ?? never));
  const beyondToo = foldedBeyond.some((point) => folded[point] !== never);
  if (beyond) for (const point of foldedBeyond) folded[point] = Math.max(folded[point] ?? never, perhaps);
  return { ascii: folded, beyond: beyond || beyondToo };
}

const isWord: Test = (point) => /\w/.test(String.fromCharCode(point));

/** `\d`, `\w` and `\s`. @see https://github.com/google/re2/wiki/Syntax */
export const escapeClasses: Readonly<Record<string, CharacterSet>> = {
  d: range(0x30, 0x39),
  w: setOf(isWord, false),
  s: setOf((point) => [9, 10, 12, 13, 32].includes(point), false),
};

function posix(expression: RegExp): CharacterSet {
  return setOf((point) => expression.test(String.fromCharCode(point)), false);
}

/** `[:alpha:]`. */
export const posixClasses: Readonly<Record<string, CharacterSet>> = {
  alnum: posix(/[0-9A-Za-z]/),
  alpha: posix(/[A-Za-z]/),
  ascii: setOf(() => true, false),
  blank: posix(/[\t ]/),
  cntrl: setOf((point) => point < 32 || point === 127, false),
  digit: posix(/[0-9]/),
  graph: setOf((point) => point > 32 && point < 127, false),
  lower: posix(/[a-z]/),
  print: setOf((point) => point >= 32 && point < 127, false),
  punct: posix(/[!-/:-@[-`{-~]/),
  space: posix(/[\t\n\v\f\r ]/),
  upper: posix(/[A-Z]/),
  word: setOf(isWord, false),
  xdigit: posix(/[0-9A-Fa-f]/),
};
