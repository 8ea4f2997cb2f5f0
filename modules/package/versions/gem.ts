/** The order of RubyGems: `1.2.0.rc1`. @see https://guides.rubygems.org/patterns/#semantic-versioning and Gem::Version */
import { compareNumbers, compareTexts, type PartialOrder } from '../../kit/versions/order.ts';

const form = /^\s*(?:\d+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?\s*$/;

function isNumber(segment: string): boolean {
  return /^\d/.test(segment);
}

function withoutZeros(segments: readonly string[]): readonly string[] {
  return segments.slice(0, segments.findLastIndex((segment) => !/^0+$/.test(segment)) + 1);
}

/** Without the zeros at the end of its numbers, and of all. */
function toSegments(text: string): readonly string[] | undefined {
  if (!form.test(text)) return undefined;
  const segments = text.replaceAll('-', '.pre.').match(/\d+|[a-z]+/gi) ?? [];
  const start = segments.findIndex((segment) => !isNumber(segment));
  const end = start < 0 ? segments.length : start;
  return [...withoutZeros(segments.slice(0, end)), ...withoutZeros(segments.slice(end))];
}

export const compareGem: PartialOrder = (left, right) => {
  const [a, b] = [toSegments(left), toSegments(right)];
  if (a === undefined || b === undefined) return undefined;
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index] ?? '0', b[index] ?? '0'];
    // A word is before the release.
    if (isNumber(one) !== isNumber(other)) return isNumber(one) ? 1 : -1;
    const order = isNumber(one) ? compareNumbers(one, other) : compareTexts(one, other);
    if (order !== 0) return order;
  }
  return 0;
};
