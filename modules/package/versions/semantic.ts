/** The order of npm and cargo: `1.2.3-rc.1+build`. Missing numbers are 0, so `<4` means `<4.0.0`. @see https://semver.org/ */
import { compareNumbers, compareTexts, type PartialOrder } from '../../kit/versions/order.ts';

/** Both programs take a `v` or `=` in front as well. */
const form =
  /^[v=\s]*(\d+)(?:\.(\d+)(?:\.(\d+))?)?(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?\s*$/;

interface SemanticVersion {
  readonly numbers: readonly string[];
  /** Empty for a release. */
  readonly before: readonly string[];
}

function parse(text: string): SemanticVersion | undefined {
  const found = form.exec(text);
  if (found === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', before] = found;
  return { numbers: [major, minor, patch], before: before?.split('.') ?? [] };
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

/** A number is older than a word. */
function compareParts(left: string, right: string): number {
  if (isNumber(left) !== isNumber(right)) return isNumber(left) ? -1 : 1;
  return isNumber(left) ? compareNumbers(left, right) : compareTexts(left, right);
}

function compareBefore(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareParts(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

export const compareSemantic: PartialOrder = (left, right) => {
  const [a, b] = [parse(left), parse(right)];
  if (a === undefined || b === undefined) return undefined;
  for (const [index, number] of a.numbers.entries()) {
    const order = compareNumbers(number, b.numbers[index] ?? '0');
    if (order !== 0) return order;
  }
  return compareBefore(a.before, b.before);
};
