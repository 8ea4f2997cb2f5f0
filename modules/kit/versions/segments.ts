/** Versions as runs of digits and letters, which most projects mean, and rpm compares. @see rpm-version(7) */
import { compareNumbers, compareTexts, type Order } from './order.ts';

/** Numbers, words, and the two marks with a rank of their own; all else only separates. */
function toSegments(text: string): string[] {
  return text.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? [];
}

/** Of two segments in the same place, one of which may be missing: `~` before the end, the end before `^`, `^` before others. */
function rankOf(segment: string | undefined): number {
  if (segment === '~') return 0;
  if (segment === undefined) return 1;
  return segment === '^' ? 2 : 3;
}

function isNumber(segment: string): boolean {
  return /^[0-9]/.test(segment);
}

/** A longer version is newer than its beginning, unless it goes on with `~`. */
export const compareSegments: Order = (left, right) => {
  const [a, b] = [toSegments(left), toSegments(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index], b[index]];
    const order = rankOf(one) - rankOf(other);
    if (order !== 0) return order;
    if (one === undefined || other === undefined || rankOf(one) < 3) continue;
    // A number is newer than a word.
    if (isNumber(one) !== isNumber(other)) return isNumber(one) ? 1 : -1;
    const within = isNumber(one) ? compareNumbers(one, other) : compareTexts(one, other);
    if (within !== 0) return within;
  }
  return 0;
};
