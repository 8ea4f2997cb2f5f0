/** Filters that no thing of any host can fit at once. A question with such filters would look like one that found nothing. */
import { splitNegation } from './pattern.ts';

/** A range of numbers, both ends included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

function toList(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(text)).join(' and ');
}

/** A pattern that must match and must not: `foo` and `!foo`. */
export function findOpposed(field: string, texts: readonly string[] = []): string[] {
  const wanted = texts.filter((text) => !splitNegation(text).negated);
  return wanted
    .filter((text) => texts.includes(`!${text}`))
    .map((text) => `${field}: ${toList([text, `!${text}`])} exclude each other`);
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
  const fits = ({ from: low, to: high }: Range): boolean => bounds.length === 0 || (low <= to && high >= from);
  if (!isEmpty && (exact.length === 0 || exact.some(fits))) return [];
  return [`${field}: ${toList(values.map(({ text }) => text))} exclude each other`];
}
