/**
 * One RE2 pattern for lines that fit all conditions of SCA. RE2 has no look-around, so patterns stand behind each other
 * in every order; that is the same where their matches cannot overlap, and refused where they can.
 */
import { describePatternError } from '../../kit/pattern.ts';
import { canMatch } from '../../kit/pattern-reach/reach.ts';
import type { Minterm } from './minterms.ts';
import { intersect, type NumberRange, toNumberPattern, toRanges } from './number-pattern.ts';
import {
  blanks,
  decimals,
  mayOverlap,
  mergeSequences,
  type Sequence,
  type Step,
  toSequences,
  trim,
} from './sequence.ts';
import { Untranslated } from './untranslated.ts';

export type LineSearch =
  | { readonly kind: 'line'; readonly pattern: string }
  /** There are lines, and none matches. */
  | { readonly kind: 'no-line'; readonly pattern: string };

const lineFeed = 10;
const mostInAnyOrder = 4;
const mostCombinations = 32;
/** Stands for the group of a comparison; no pattern of a policy has it. */
const placeOfNumber = '\ue000';

/** PCRE2 counts the vertical tab as a blank, RE2 does not. */
function toRe2(text: string): string {
  let isInside = false;
  return text.replaceAll(/\\[\s\S]|[[\]]/g, (part) => {
    if (part === '[') isInside = true;
    if (part === ']') isInside = false;
    if (part === '\\s') return isInside ? '\\s\\v' : '[\\s\\v]';
    if (part === '\\S' && isInside) throw new Untranslated('\\S between brackets');
    return part === '\\S' ? '[^\\s\\v]' : part;
  });
}

/** @throws Untranslated when RE2 has no such pattern, or it is too long. */
export function toPattern(text: string): string {
  const pattern = `(?i)${toRe2(text)}`;
  const problem = describePatternError(pattern);
  if (problem !== undefined) throw new Untranslated(`a pattern: ${problem}`);
  if (!canMatch({ wanted: [pattern] }, { allows: (point) => point !== lineFeed }))
    throw new Untranslated(`a pattern that no line can match, ${JSON.stringify(text)}`);
  const unknown = text.match(/\\[\s\S]/g)?.find((one) => /[A-Za-z0-9_]/.test(one) && !/[bdDfnrsStwW]/.test(one));
  if (unknown !== undefined) throw new Untranslated(`${unknown} in a pattern`);
  return pattern;
}

/** A comparison as a pattern with the digits in place of its group. */
function toNumberSteps(pattern: string, ranges: readonly NumberRange[]): readonly Sequence[] {
  const parts = pattern.split(/\((?:\\d|\[0-9\])\+\)/);
  if (parts.length !== 2 || /\((?!\?:)/.test(parts.join('').replaceAll(/\\./g, '')))
    throw new Untranslated(`the group of the comparison ${JSON.stringify(pattern)}`);
  const digits = toNumberPattern(ranges);
  if (digits === undefined) throw new Untranslated(`a comparison that no number fits`);
  return toSequences(parts.join(placeOfNumber)).map(({ atStart, atEnd, steps }) => {
    const at = steps.findIndex(({ text }) => text === placeOfNumber);
    const [before, after] = [steps[at - 1], steps[at + 1]];
    if (at === -1) throw new Untranslated('a comparison in one of several alternatives');
    if (before !== undefined && (before.characters & decimals) !== 0n)
      throw new Untranslated(`a number behind what may be a number: ${pattern}`);
    if (after !== undefined && (after.characters & decimals) !== 0n)
      throw new Untranslated(`a number ahead of what may be a number: ${pattern}`);
    const number: Step = { characters: decimals, least: 1, most: Number.POSITIVE_INFINITY, text: digits };
    return { atStart, atEnd, steps: steps.map((step, index) => (index === at ? number : step)) };
  });
}

const isNumberStep = (step: Step | undefined): boolean => step?.text.startsWith('0*(?:') === true;

function textOf({ steps }: Sequence): string {
  return steps.map(({ text }) => text).join('');
}

/** A letter that a line must not begin with, behind blanks maybe. */
interface Comment {
  readonly letter: Step;
  readonly afterBlanks: boolean;
}

function toComments(pattern: string): readonly Comment[] {
  return toSequences(pattern).map((sequence) => {
    const { atStart, atEnd, steps } = trim(sequence);
    const [letter] = steps.slice(-1);
    const ahead = steps.slice(0, -1);
    const isBlank = ({ characters, least, most }: Step): boolean =>
      (characters & ~blanks) === 0n && least === 0 && most === Number.POSITIVE_INFINITY;
    const isOne = letter !== undefined && letter.least === 1 && /^\\?[#;/!]\+?$/.test(letter.text);
    if (!atStart || atEnd || !isOne || !ahead.every(isBlank))
      throw new Untranslated('a line without a match of a pattern, which RE2 cannot say beside another condition');
    return {
      letter: { ...letter, text: letter.text.replace(/\+$/, '') },
      afterBlanks: ahead.some(({ text }) => text.includes('\\s')),
    };
  });
}

/** Whether the first character, behind blanks maybe, can be the letter. */
function mayBeginWith({ steps }: Sequence, { letter, afterBlanks }: Comment): boolean {
  for (const { characters, least } of steps) {
    if ((characters & letter.characters) !== 0n) return true;
    const isOnlyBlank = (characters & ~blanks) === 0n;
    if (least > 0 && !(afterBlanks && isOnlyBlank)) return false;
    if (!afterBlanks && !isOnlyBlank && least > 0) return false;
  }
  return true;
}

/** Patterns for a line that the sequences match in this order, and that is no comment. */
function toOrdered(sequences: readonly Sequence[], comments: readonly Comment[]): readonly string[] {
  const texts = sequences.map((sequence, index) => {
    const endsInNumber = isNumberStep(sequence.steps.at(-1));
    const isLast = index === sequences.length - 1;
    if (isLast) return `${textOf(sequence)}${sequence.atEnd ? '$' : endsInNumber ? '(?:[^0-9]|$)' : ''}`;
    const nextBegins = sequences[index + 1]?.steps[0];
    if (endsInNumber && (nextBegins === undefined || (nextBegins.characters & decimals) !== 0n))
      throw new Untranslated('a number beside what may be a number');
    return `${textOf(sequence)}${endsInNumber ? '(?:[^0-9].*)?' : '.*'}`;
  });
  const body = texts.join('');
  const [first] = sequences;
  if (first === undefined) return [];
  for (const comment of comments)
    if (mayBeginWith(first, comment)) throw new Untranslated('a pattern that may match a comment sign');
  if (first.atStart) return [`^${body}`];
  if (comments.length === 0) return [body];
  const signs = comments.map(({ letter }) => letter.text).join('');
  const blanksAhead = comments.some(({ afterBlanks }) => afterBlanks);
  if (blanksAhead && !comments.every(({ afterBlanks }) => afterBlanks) && new Set(signs).size > 1)
    throw new Untranslated('several kinds of comments');
  return blanksAhead ? [`^\\s*${body}`, `^\\s*[^\\s${signs}].*${body}`] : [`^${body}`, `^[^${signs}].*${body}`];
}

function permute<Value>(values: readonly Value[]): readonly (readonly Value[])[] {
  if (values.length <= 1) return [values];
  return values.flatMap((one, index) => permute(values.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

/** Whether every match of `other` has one of `one` within. */
function isWithin(one: Sequence, other: Sequence): boolean {
  const isPlain = ({ steps }: Sequence): boolean => steps.every(({ least, most }) => least === 1 && most === 1);
  if (one.atStart || one.atEnd || !isPlain(one)) return false;
  const [needle, hay] = [one.steps, other.steps];
  return hay.some((_, at) =>
    needle.every(({ characters }, index) => {
      const step = hay[at + index];
      return step !== undefined && step.least === 1 && step.most === 1 && (step.characters & ~characters) === 0n;
    }),
  );
}

/** Two that begin a line share its first characters, so that they cannot stand side by side. */
function refuseAnchors(sequences: readonly Sequence[]): readonly string[] {
  const isPlain = sequences.every(({ steps }) => steps.every(({ least, most }) => least === 1 && most === 1));
  if (isPlain) return [];
  throw new Untranslated('several patterns with ^, or with $');
}

function toConjunction(all: readonly Sequence[], comments: readonly Comment[]): readonly string[] {
  const trimmed = all
    .map((sequence) => trim(sequence))
    .filter(({ steps, atStart, atEnd }) => steps.length > 0 || atStart || atEnd);
  const needed = trimmed.filter(
    (one, at) =>
      !trimmed.some((other, index) => index !== at && isWithin(one, other) && (index < at || !isWithin(other, one))),
  );
  return withMerged(needed).flatMap((sequences) => inAnyOrder(sequences, comments));
}

/** The sequences side by side, and all ways in which two of them share characters. */
function withMerged(needed: readonly Sequence[], depth = 0): readonly (readonly Sequence[])[] {
  if (depth > 1) throw new Untranslated('patterns of one line that overlap in many ways');
  const merged = needed.flatMap((one, at) =>
    needed.slice(at + 1).flatMap((other) => {
      if (!mayOverlap(one, other)) return [];
      const rest = needed.filter((each) => each !== one && each !== other);
      return mergeSequences(one, other).map((both) => [...rest, both]);
    }),
  );
  return [needed, ...merged.flatMap((one) => withMerged(one, depth + 1))];
}

function inAnyOrder(needed: readonly Sequence[], comments: readonly Comment[]): readonly string[] {
  if (needed.filter(({ atStart }) => atStart).length > 1 || needed.filter(({ atEnd }) => atEnd).length > 1)
    return refuseAnchors(needed);
  const first = needed.filter(({ atStart }) => atStart);
  const last = needed.filter(({ atStart, atEnd }) => atEnd && !atStart);
  const between = needed.filter(({ atStart, atEnd }) => !atStart && !atEnd);
  if (between.length > mostInAnyOrder)
    throw new Untranslated(`more than ${mostInAnyOrder} patterns in any order in a line`);
  if (first.some(({ atEnd }) => atEnd) && needed.length > 1)
    throw new Untranslated('a pattern of the whole line beside another');
  return permute(between).flatMap((order) => toOrdered([...first, ...order, ...last], comments));
}

/** Comparisons of the same number become one. */
function toAlternatives(minterms: readonly Minterm[]): readonly (readonly Sequence[])[] {
  const numbers = new Map<string, readonly NumberRange[]>();
  const alternatives: (readonly Sequence[])[] = [];
  for (const minterm of minterms) {
    if (minterm.kind === 'pattern') {
      alternatives.push(toSequences(minterm.pattern));
      continue;
    }
    const ranges = toRanges(minterm.operator, minterm.value);
    if (ranges === undefined) throw new Untranslated(`a comparison with ${minterm.value}`);
    const known = numbers.get(minterm.pattern);
    numbers.set(minterm.pattern, known === undefined ? ranges : intersect(known, ranges));
  }
  for (const [pattern, ranges] of numbers) alternatives.push(toNumberSteps(pattern, ranges));
  return alternatives;
}

function combine(alternatives: readonly (readonly Sequence[])[]): readonly (readonly Sequence[])[] {
  const combinations = alternatives.reduce<readonly (readonly Sequence[])[]>(
    (soFar, next) => soFar.flatMap((one) => next.map((sequence) => [...one, sequence])),
    [[]],
  );
  if (combinations.length > mostCombinations)
    throw new Untranslated('too many alternatives in the conditions of a line');
  return combinations;
}

/** @throws Untranslated */
export function toLineSearch(minterms: readonly Minterm[]): LineSearch {
  const [only] = minterms;
  if (minterms.length === 1 && only !== undefined) {
    if (only.kind === 'pattern') return { kind: only.isNegated ? 'no-line' : 'line', pattern: toPattern(only.pattern) };
    if (only.isNegated) return { kind: 'no-line', pattern: toLineSearch([{ ...only, isNegated: false }]).pattern };
  }
  const positive = minterms.filter(({ isNegated }) => !isNegated);
  const comments = minterms
    .filter(({ isNegated }) => isNegated)
    .flatMap((minterm) => {
      if (minterm.kind === 'number') throw new Untranslated('a comparison that must not hold beside another condition');
      return toComments(minterm.pattern);
    });
  if (positive.length === 0) throw new Untranslated('a line without a match of a pattern beside another condition');
  const patterns = combine(toAlternatives(positive)).flatMap((one) => toConjunction(one, comments));
  if (patterns.length === 0) throw new Untranslated('conditions that no line fits');
  return { kind: 'line', pattern: toPattern(patterns.join('|')) };
}
