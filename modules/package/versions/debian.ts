/** The order of dpkg: `[epoch:]upstream[-revision]`. @see deb-version(7) */
import { compareNumbers } from '../../kit/versions/order.ts';

/** Within a part: `~` before its end, its end before letters, letters before all others. */
function rankOf(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (Number.isNaN(code) || isDigit(code)) return 0;
  if (code === 0x7e) return -1;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isLetter ? code : code + 0x1_0000;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isText(text: string, index: number): boolean {
  return index < text.length && !isDigit(text.charCodeAt(index));
}

function skipDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** Of upstream versions and revisions: texts and numbers take turns. */
function compareParts(left: string, right: string): number {
  let [a, b] = [0, 0];
  while (a < left.length || b < right.length) {
    while (isText(left, a) || isText(right, b)) {
      const order = rankOf(left, a) - rankOf(right, b);
      if (order !== 0) return order;
      a += 1;
      b += 1;
    }
    const [endA, endB] = [skipDigits(left, a), skipDigits(right, b)];
    const order = compareNumbers(left.slice(a, endA), right.slice(b, endB));
    if (order !== 0) return order;
    [a, b] = [endA, endB];
  }
  return 0;
}

interface DebianVersion {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

function split(version: string): DebianVersion {
  const [, epoch = '', rest = ''] = /^(?:(\d*):)?(.*)$/s.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, upstream: rest, revision: '' }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** A missing epoch or revision is 0. */
export function compareDebian(left: string, right: string): number {
  const [a, b] = [split(left), split(right)];
  return (
    compareNumbers(a.epoch, b.epoch) || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision)
  );
}
