/** Filters that no thing of any host can fit at once. A question with such filters would look like one that found nothing. */
import { splitNegation } from './pattern.ts';
import { canMatch, type Texts } from './pattern-reach/reach.ts';

/** A range of numbers, both ends included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** A pattern as it was written, and whether it must match. */
export interface WrittenPattern {
  readonly text: string;
  readonly pattern: string;
  readonly isWanted: boolean;
}

/** What a filter's patterns are compared with. */
export interface Compared extends Texts {
  /** `one` text, or `several` of which each pattern may match another. */
  readonly texts: 'one' | 'several';
  /** Whether a thing may have no such text: it fits every pattern that must not match. */
  readonly mayLack?: boolean;
  /** `a base name has no slash` */
  readonly why?: string;
}

/** Any text. */
export const oneText: Compared = { texts: 'one', allows: () => true };
/** Any number of texts, or none. */
export const severalTexts: Compared = { texts: 'several', mayLack: true, allows: () => true };

/** Beyond this many patterns in one filter only each alone, and equal ones, are looked at. */
const mostCombined = 12;

function toList(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(text)).join(' and ');
}

function patternsOf(written: readonly WrittenPattern[], areWanted: boolean): string[] {
  return written.filter(({ isWanted }) => isWanted === areWanted).map(({ pattern }) => pattern);
}

function fits(written: readonly WrittenPattern[], compared: Compared): boolean {
  return canMatch({ wanted: patternsOf(written, true), unwanted: patternsOf(written, false) }, compared);
}

/** Whether only a thing with such a text fits. */
function isTested(written: readonly WrittenPattern[], { mayLack = false }: Compared): boolean {
  return !mayLack || written.some(({ isWanted }) => isWanted);
}

function areOpposed(one: WrittenPattern, other: WrittenPattern): boolean {
  return one.pattern === other.pattern && one.isWanted !== other.isWanted;
}

/** Two of one text, or one with an excluding one of several; the fewest that exclude each other. */
function findExcluding(written: readonly WrittenPattern[], compared: Compared): readonly WrittenPattern[] {
  const pairs = written.flatMap((one, index) => written.slice(index + 1).map((other) => [one, other] as const));
  const opposed = pairs.find(([one, other]) => areOpposed(one, other));
  if (opposed !== undefined || written.length > mostCombined) return opposed ?? [];
  const isOfOne = ([one, other]: (typeof pairs)[number]): boolean =>
    compared.texts === 'one' ? isTested([one, other], compared) : one.isWanted !== other.isWanted;
  const pair = pairs.filter(isOfOne).find((two) => !fits(two, compared));
  if (pair !== undefined) return pair;
  if (compared.texts === 'one')
    return written.length > 2 && isTested(written, compared) && !fits(written, compared) ? written : [];
  const unwanted = written.filter(({ isWanted }) => !isWanted);
  const groups = written.filter(({ isWanted }) => isWanted).map((one) => [one, ...unwanted]);
  return groups.find((group) => group.length > 2 && !fits(group, compared)) ?? [];
}

/** Patterns that match nothing that they are compared with, and those that exclude everything. */
export function findUnreachable(field: string, written: readonly WrittenPattern[], compared: Compared): string[] {
  const why = compared.why === undefined ? '' : `: ${compared.why}`;
  return written
    .filter((one) => isTested([one], compared) && !fits([one], compared))
    .map(
      ({ text, isWanted }) =>
        `${field}: ${JSON.stringify(text)} ${isWanted ? 'can never match' : 'excludes all'}${why}`,
    );
}

/** Reasons why no thing can fit all the patterns of a filter. */
export function contradictPatterns(
  field: string,
  written: readonly WrittenPattern[],
  compared: Compared,
): readonly string[] {
  const unreachable = findUnreachable(field, written, compared);
  if (unreachable.length > 0) return unreachable;
  const excluding = findExcluding(written, compared);
  return excluding.length === 0 ? [] : [`${field}: ${toList(excluding.map(({ text }) => text))} exclude each other`];
}

/** @param texts patterns, with a leading `!` those that must not match. */
export function toWritten(texts: readonly string[] = []): WrittenPattern[] {
  return texts.map((text) => {
    const { negated, pattern } = splitNegation(text);
    return { text, pattern, isWanted: !negated };
  });
}

/** Bounds that all must hold, and exact values of which one must. */
export function findEmptyRange(
  field: string,
  values: readonly (Range & { readonly text: string; readonly isExact: boolean })[],
): string[] {
  const bounds = values.filter(({ isExact }) => !isExact);
  const exact = values.filter(({ isExact }) => isExact);
  const from = Math.max(...bounds.map((bound) => bound.from));
  const to = Math.min(...bounds.map((bound) => bound.to));
  const isEmpty = bounds.length > 0 && from > to;
  const isIn = ({ from: low, to: high }: Range): boolean => bounds.length === 0 || (low <= to && high >= from);
  if (!isEmpty && (exact.length === 0 || exact.some(isIn))) return [];
  return [`${field}: ${toList(values.map(({ text }) => text))} exclude each other`];
}
