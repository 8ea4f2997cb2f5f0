/** The order of apk: `1.2.3b_rc4~hash-r5`. @see https://git.alpinelinux.org/apk-tools/tree/doc/apk-package.5.scd */
import { compareNumbers, compareTexts, type Order } from '../../kit/versions/order.ts';

/** In the order of apk: of two versions that are equal so far, the one with the earlier kind of part is newer. */
const kinds = ['number', 'first', 'letter', 'suffix', 'suffixNumber', 'hash', 'revision', 'end', 'invalid'] as const;
type Kind = (typeof kinds)[number];

interface Part {
  readonly kind: Kind;
  readonly text: string;
}

/** Those of versions before a release, and those after it, in their order. */
const before = ['alpha', 'beta', 'pre', 'rc'];
const behind = ['cvs', 'svn', 'git', 'hg', 'p'];
const suffixes = [...before, ...behind];

/** The kinds that may follow, each with its form. */
const forms: readonly (readonly [kind: Kind, form: RegExp, after: readonly Kind[]])[] = [
  // At the beginning, and behind a letter.
  ['first', /[0-9]+/y, ['letter']],
  ['number', /\.([0-9]+)/y, ['first', 'number']],
  ['letter', /[a-z]/y, ['first', 'number']],
  ['suffix', /_([a-z]+)/y, ['first', 'number', 'letter', 'suffix', 'suffixNumber']],
  ['suffixNumber', /[0-9]+/y, ['suffix']],
  ['hash', /~([0-9a-f]+)/y, ['first', 'number', 'letter', 'suffix', 'suffixNumber']],
  ['revision', /-r([0-9]+|$)/y, ['first', 'number', 'letter', 'suffix', 'suffixNumber', 'hash']],
];

function nextPart(
  version: string,
  start: number,
  last: Kind | undefined,
): { readonly part: Part; readonly end: number } {
  for (const [kind, form, after] of forms) {
    if (last === undefined ? kind !== 'first' : !after.includes(last)) continue;
    form.lastIndex = start;
    const found = form.exec(version);
    const text = found?.[1] ?? found?.[0];
    if (text === undefined || (kind === 'suffix' && !suffixes.includes(text))) continue;
    return { part: { kind, text }, end: form.lastIndex };
  }
  return { part: { kind: 'invalid', text: version.slice(start) }, end: version.length };
}

/** At least one part. */
function toParts(version: string): readonly Part[] {
  const parts: Part[] = [];
  let start = 0;
  do {
    const { part, end } = nextPart(version, start, parts.at(-1)?.kind);
    parts.push(part);
    start = end;
  } while (start < version.length);
  return parts;
}

function comparePart({ kind, text: left }: Part, { text: right }: Part): number {
  if (kind === 'suffix') return suffixes.indexOf(left) - suffixes.indexOf(right);
  // A number behind a dot that begins with 0 is a fraction.
  const isFraction = kind === 'number' && (left.startsWith('0') || right.startsWith('0'));
  const isNumber = kind === 'first' || kind === 'number' || kind === 'suffixNumber' || kind === 'revision';
  return isNumber && !isFraction ? compareNumbers(left, right) : compareTexts(left, right);
}

function isBeforeRelease({ kind, text }: Part): boolean {
  return kind === 'suffix' && before.includes(text);
}

const end: Part = { kind: 'end', text: '' };

export const compareApk: Order = (left, right) => {
  const [a, b] = [toParts(left), toParts(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index] ?? end, b[index] ?? end];
    if (one.kind === other.kind) {
      const order = comparePart(one, other);
      if (order !== 0) return order;
      continue;
    }
    if (isBeforeRelease(one)) return -1;
    if (isBeforeRelease(other)) return 1;
    return kinds.indexOf(other.kind) - kinds.indexOf(one.kind);
  }
  return 0;
};
