/** The order of pacman: `[epoch:]version[-release]`. @see vercmp(8) */
import { compareNumbers, compareTexts, type Order } from '../../kit/versions/order.ts';

/** Numbers and words, each with the length of what separates it from the one before. */
function toSegments(text: string): readonly { readonly gap: number; readonly text: string }[] {
  return [...text.matchAll(/([^0-9A-Za-z]*)([0-9]+|[A-Za-z]+)/g)].map(([, gap = '', segment = '']) => ({
    gap: gap.length,
    text: segment,
  }));
}

function isWord(text: string): boolean {
  return /^[A-Za-z]/.test(text);
}

function compareParts(left: string, right: string): number {
  const [a, b] = [toSegments(left), toSegments(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index], b[index]];
    // A word behind the end is older than the end, as in 1.0beta; behind a dot it is newer.
    if (one === undefined) return other === undefined || (isWord(other.text) && other.gap === 0) ? 1 : -1;
    if (other === undefined) return isWord(one.text) && one.gap === 0 ? -1 : 1;
    if (one.gap !== other.gap) return one.gap - other.gap;
    if (isWord(one.text) !== isWord(other.text)) return isWord(one.text) ? -1 : 1;
    const order = isWord(one.text) ? compareTexts(one.text, other.text) : compareNumbers(one.text, other.text);
    if (order !== 0) return order;
  }
  return 0;
}

interface PacmanVersion {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | undefined;
}

function split(text: string): PacmanVersion {
  const [, epoch = '', rest = ''] = /^(?:(\d*):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, version: rest, release: undefined }
    : { epoch, version: rest.slice(0, dash), release: rest.slice(dash + 1) };
}

/** A missing epoch is 0. Where one side has no release, the versions alone count. */
export const comparePacman: Order = (left, right) => {
  const [a, b] = [split(left), split(right)];
  const order = compareNumbers(a.epoch, b.epoch) || compareParts(a.version, b.version);
  return order || a.release === undefined || b.release === undefined ? order : compareParts(a.release, b.release);
};
