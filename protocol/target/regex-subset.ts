/**
 * The regular expressions that PostgreSQL (on the server) and RE2 (on the agent) read alike; all others are refused.
 *
 * In: literals, `.` `^` `$` `|`, groups `(…)` and `(?:…)`, the quantifiers `*` `+` `?` `{m}` `{m,}` `{m,n}` with or without
 * a lazy `?`, bracket expressions with ranges and the POSIX classes but cntrl, `\d \D \s \S \w \W`, `\t \n \r \f \v`, and a
 * backslash before ASCII punctuation. Out: back references, look-around, embedded options, `\b \m \y \A \Z` and their like,
 * escapes by number, collating elements, and whatever one of the two reads as a literal and the other as an operator.
 *
 * RE2 must let `.` match a line feed (dot_nl), and `^` and `$` match at the ends only, as PostgreSQL does. What remains
 * different: `\s` of RE2 lacks the vertical tab; ignoring case, PostgreSQL folds ASCII letters (collation "C") and RE2 all
 * letters, so `~*` takes ASCII patterns only, and still the Kelvin sign matches k, and the long s matches s, in RE2 alone.
 */
import { quoteShort, TargetError } from './target-error.ts';
import { targetLimits } from './tree.ts';

/** PostgreSQL's limit on a counted repeat (RE_DUP_MAX). */
const maximumRepeat = 255;
/** Elements of the pattern with every counted repeat written out, since PostgreSQL compiles in more than linear time. */
const maximumExpandedElements = 300;

const quantifier = /(?:[*+?]|\{(?<low>\d{1,3})(?<open>,(?<high>\d{1,3})?)?\})\??/y;
const atom = /\\[dDsSwWtnrfv]|\\[!-/:-@[-^`{-~]|[^\\()[\]{}*+?|^$]/uy;
const classInBracket = /\\[dsw]|\[:(?:alnum|alpha|blank|digit|graph|lower|print|punct|space|upper|xdigit):\]/y;
const rangeInBracket = /(?<low>\\[!-/:-@[-^`{-~]|[^\\[\]-])(?:-(?<high>\\[!-/:-@[-^`{-~]|[^\\[\]-]))?/uy;

/**
 * @param offset of the literal in the target; an error points there, not into the pattern, which doubled quotes shift.
 * @throws TargetError
 */
export function assertPortableRegex(pattern: string, caseInsensitive: boolean, offset: number): void {
  if (pattern.length > targetLimits.regexCharacters)
    throw new TargetError(
      offset,
      `expected a regular expression of at most ${targetLimits.regexCharacters} characters, got ${pattern.length}`,
    );
  if (caseInsensitive && /[^\0-\x7f]/.test(pattern))
    throw new TargetError(
      offset,
      `expected ASCII only where case is ignored, got ${quoteShort(pattern)}`,
      'write ~ and both cases of the letter: [éÉ]',
    );
  const problem = new RegexScanner(pattern).findProblem();
  if (problem !== null)
    throw new TargetError(
      offset,
      `expected a regular expression that PostgreSQL and RE2 read alike, got ${quoteShort(pattern)}: ${problem}`,
      'use literals . ^ $ | ( ) [ ] * + ? {m,n} \\d \\s \\w and a backslash before punctuation; ~* ignores case',
    );
}

/** Elements of a pattern of the subset, with every counted repeat written out. */
export function countRegexElements(pattern: string): number {
  const scanner = new RegexScanner(pattern);
  scanner.findProblem();
  return scanner.elements;
}

/** Goes once over a pattern. */
class RegexScanner {
  readonly #pattern: string;
  #position = 0;
  /** Expanded elements so far: of the pattern, then of each group that is open. */
  readonly #elements = [0];
  /** Expanded elements of what a quantifier would repeat here; null where none may stand. */
  #repeatable: number | null = null;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** Of what has been scanned. */
  get elements(): number {
    return this.#elements[0] ?? 0;
  }

  /** Why the pattern is outside the subset; null when it is inside. */
  findProblem(): string | null {
    while (this.#position < this.#pattern.length) {
      const problem = this.#scanElement();
      if (problem !== null) return problem;
      if (this.#elements.some((count) => count > maximumExpandedElements))
        return `its repeats come to more than ${maximumExpandedElements} elements`;
    }
    return this.#elements.length === 1 ? null : 'a ( is not closed';
  }

  #scanElement(): string | null {
    switch (this.#pattern[this.#position]) {
      case '(':
        return this.#openGroup();
      case ')':
        return this.#closeGroup();
      case '[':
        return this.#scanBracket();
      case '|':
      case '^':
      case '$':
        this.#position += 1;
        this.#add(1);
        this.#repeatable = null;
        return null;
      case '*':
      case '+':
      case '?':
      case '{':
        return this.#scanQuantifier();
      default:
        if (this.#take(atom) === null)
          return `${quoteShort(this.#pattern.slice(this.#position, this.#position + 2))} is not in the subset`;
        this.#add(1);
        return null;
    }
  }

  #openGroup(): string | null {
    const isPlain = this.#pattern.startsWith('(?:', this.#position);
    if (!isPlain && this.#pattern.startsWith('(?', this.#position))
      return 'look-around, options and names are not in it';
    this.#position += isPlain ? 3 : 1;
    this.#elements.push(0);
    this.#repeatable = null;
    return null;
  }

  #closeGroup(): string | null {
    if (this.#elements.length === 1) return 'a ) was not opened';
    this.#position += 1;
    this.#add((this.#elements.pop() ?? 0) + 1);
    return null;
  }

  #scanQuantifier(): string | null {
    const groups = this.#take(quantifier);
    if (groups === null) return 'a literal { is written \\{';
    if (this.#repeatable === null) return 'a quantifier has nothing to repeat';
    if (groups.low !== undefined) {
      const low = Number(groups.low);
      const high = groups.open === undefined ? low : Number(groups.high ?? low);
      if (low > high || high > maximumRepeat) return `counts go from 0 to ${maximumRepeat}, the smaller one first`;
      this.#add(this.#repeatable * Math.max(high - 1, 0));
    }
    this.#repeatable = null;
    return null;
  }

  #scanBracket(): string | null {
    this.#position += this.#pattern.startsWith('[^', this.#position) ? 2 : 1;
    const start = this.#position;
    if (this.#pattern[start] === '-') this.#position += 1;
    while (this.#take(classInBracket) !== null || this.#takeRange());
    if (this.#position > start && this.#pattern.startsWith('-]', this.#position)) this.#position += 1;
    if (this.#position === start || this.#pattern[this.#position] !== ']')
      return 'in [ ] write [ ] \\ and a - in the middle with a backslash, and ranges in order';
    this.#position += 1;
    this.#add(1);
    return null;
  }

  /** Takes one character or a range in order. */
  #takeRange(): boolean {
    const start = this.#position;
    const groups = this.#take(rangeInBracket);
    if (groups === null) return false;
    if (groups.high === undefined || toCodePoint(groups.low) <= toCodePoint(groups.high)) return true;
    this.#position = start;
    return false;
  }

  #add(elements: number): void {
    this.#elements.push((this.#elements.pop() ?? 0) + elements);
    this.#repeatable = elements;
  }

  /** The groups of `expression` if it matches here, and then moves past the match. */
  #take(expression: RegExp): Readonly<Record<string, string | undefined>> | null {
    expression.lastIndex = this.#position;
    const match = expression.exec(this.#pattern);
    if (match === null) return null;
    this.#position += match[0].length;
    return match.groups ?? {};
  }
}

function toCodePoint(element: string | undefined): number {
  return element?.replace(/^\\/, '').codePointAt(0) ?? 0;
}
