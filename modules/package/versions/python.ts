/** The order of Python's packages: `1!2.0rc1.post2.dev3+local`. @see https://packaging.python.org/en/latest/specifications/version-specifiers/ */
import { compareNumbers, compareTexts, type PartialOrder } from '../../kit/versions/order.ts';

const form = new RegExp(
  [
    '^\\s*v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)',
    '(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\\d+)?)?',
    '(?:-(\\d+)|[-_.]?(post|rev|r)[-_.]?(\\d+)?)?',
    '(?:[-_.]?(dev)[-_.]?(\\d+)?)?',
    '(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\\s*$',
  ].join(''),
  'i',
);

/** A letter for each word before a release. */
const letters: Readonly<Record<string, string>> = {
  a: 'a',
  alpha: 'a',
  b: 'b',
  beta: 'b',
  c: 'rc',
  rc: 'rc',
  pre: 'rc',
  preview: 'rc',
};

interface PythonVersion {
  readonly epoch: string;
  /** Without zeros at its end. */
  readonly release: readonly string[];
  /** `a`, `b`, `rc`; the empty text is before them, `z` behind. */
  readonly phase: string;
  readonly phaseNumber: string;
  readonly post?: string;
  readonly dev?: string;
  readonly local?: readonly string[];
}

function parse(text: string): PythonVersion | undefined {
  const found = form.exec(text);
  if (found === null) return undefined;
  const [, epoch = '0', release = '', word, phaseNumber = '0', dash, postWord, postNumber = '0', devWord, dev = '0'] =
    found;
  const post = dash ?? (postWord === undefined ? undefined : postNumber);
  // A version of development alone is older than all before the release.
  const isOnlyDev = word === undefined && post === undefined && devWord !== undefined;
  return {
    epoch,
    release: release.replace(/(?:\.0+)+$/, '').split('.'),
    phase: word === undefined ? (isOnlyDev ? '' : 'z') : (letters[word.toLowerCase()] ?? ''),
    phaseNumber,
    ...(post === undefined ? {} : { post }),
    ...(devWord === undefined ? {} : { dev }),
    ...(found[10] === undefined ? {} : { local: found[10].toLowerCase().split(/[-_.]/) }),
  };
}

/** @param missing the sign of a side that has none. */
function compareOptional(left: string | undefined, right: string | undefined, missing: -1 | 1): number {
  if (left === undefined || right === undefined)
    return left === right ? 0 : left === undefined ? missing : missing === 1 ? -1 : 1;
  return compareNumbers(left, right);
}

function compareReleases(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareNumbers(left[index] ?? '0', right[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

/** A number is newer than a word, and a version with a local part than the same without. */
function compareLocals(left: readonly string[] = [], right: readonly string[] = []): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const [isNumber, isOtherNumber] = [part, other].map((one) => /^\d+$/.test(one));
    if (isNumber !== isOtherNumber) return isNumber ? 1 : -1;
    const order = isNumber ? compareNumbers(part, other) : compareTexts(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

export const comparePython: PartialOrder = (left, right) => {
  const [a, b] = [parse(left), parse(right)];
  if (a === undefined || b === undefined) return undefined;
  return (
    compareNumbers(a.epoch, b.epoch) ||
    compareReleases(a.release, b.release) ||
    compareTexts(a.phase, b.phase) ||
    compareNumbers(a.phaseNumber, b.phaseNumber) ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareLocals(a.local, b.local)
  );
};
