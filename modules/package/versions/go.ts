/** The orders of Go: of modules, `v1.2.3-pre+incompatible`, and of Go itself, `go1.21rc2`. @see https://go.dev/ref/mod#versions */
import { compareNumbers, compareTexts, type PartialOrder } from '../../kit/versions/order.ts';
import { compareSemantic } from './semantic.ts';

/** A release of Go has no `v` in front, and no hyphen before `rc`. @see https://go.dev/doc/toolchain#version */
const toolchain = /^go(\d+)(?:\.(\d+)(?:\.(\d+)|([a-z]+)(\d+))?)?(?:[-\s+].*)?$/;

/** Release number, and what comes before it: of each the empty text is the smallest. */
function parseToolchain(text: string): readonly string[] | undefined {
  const [, major, minor = '0', patch, kind = '', pre = ''] = toolchain.exec(text) ?? [];
  if (major === undefined) return undefined;
  // From 1.21 on the first release has three numbers, and two are the version of the language, older than all of it.
  const isRelease = kind === '' && (compareNumbers(minor, '21') < 0 || !text.includes('.'));
  return [major, minor, patch ?? (isRelease ? '0' : ''), kind, pre];
}

function compareToolchains(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? '';
    const isWord = index === 3;
    const order = isWord || part === '' || other === '' ? compareTexts(part, other) : compareNumbers(part, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** Both with or without `go` in front: the standard library is asked for as `<1.21.5`. */
export const compareGo: PartialOrder = (left, right) => {
  if (!left.startsWith('go') && !right.startsWith('go')) return compareSemantic(left, right);
  const [a, b] = [left, right].map((text) => parseToolchain(text.startsWith('go') ? text : `go${text}`));
  return a === undefined || b === undefined ? undefined : compareToolchains(a, b);
};
