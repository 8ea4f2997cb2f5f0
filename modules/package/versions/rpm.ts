/** The order of rpm: `[epoch:]version[-release]`. @see rpm-version(7) */
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

/** Of versions or releases. */
function compareRpmParts(left: string, right: string): number {
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
}

interface RpmVersion {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | undefined;
}

function split(text: string): RpmVersion {
  const [, epoch = '', rest = ''] = /^(?:(\d*):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, version: rest, release: undefined }
    : { epoch, version: rest.slice(0, dash), release: rest.slice(dash + 1) };
}

/** A missing epoch is 0; a missing release is older than any. */
export const compareRpm: Order = (left, right) => {
  const [a, b] = [split(left), split(right)];
  const order = compareNumbers(a.epoch, b.epoch) || compareRpmParts(a.version, b.version);
  if (order !== 0 || (a.release === undefined && b.release === undefined)) return order;
  if (a.release === undefined) return -1;
  return b.release === undefined ? 1 : compareRpmParts(a.release, b.release);
};
