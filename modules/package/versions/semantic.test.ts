import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { checkOrder } from '../testing/check-order.ts';
import { assertAgrees } from '../testing/judge.ts';
import { compareSemantic } from './semantic.ts';

/** From the oldest to the newest; those in one list are equal. */
const ascending: readonly (readonly string[])[] = [
  ['0.0.0-0'],
  ['0.0.0', '0'],
  ['1.0.0-alpha', '1.0.0-alpha+001'],
  ['1.0.0-alpha.1'],
  ['1.0.0-alpha.beta'],
  ['1.0.0-beta'],
  ['1.0.0-beta.2'],
  ['1.0.0-beta.11'],
  ['1.0.0-rc.1'],
  ['1.0.0', 'v1.0.0', '=1.0.0', '1.0.0+21AF26D3---117B344092BD', '1', '1.0'],
  ['1.2.3-0A.is.legal'],
  ['1.2.3'],
  ['1.10.0'],
  ['99999999999999999999999.0.0'],
];

/** A copy of it comes with other packages. */
const semver: {
  readonly compare: (a: string, b: string) => number;
  readonly valid: (text: string) => string | null;
} = createRequire(import.meta.url)('semver');

describe('the order of npm and cargo', () => {
  it('sorts the versions of its specification', () =>
    checkOrder((a, b) => compareSemantic(a, b) ?? Number.NaN, ascending));

  it('has no place for other texts', () => {
    for (const text of ['', 'latest', '1.2.3.4', '1.2.3-', '^1.2', '1:2.3', '1.2.3-a..b'])
      assert.equal(compareSemantic(text, '1.0.0'), undefined, text);
  });

  it('is that of the package `semver`', () => {
    const parts = ['0', '1', '10', '.', '-', 'a', '1a', '+b', '-rc.1', '.0'];
    const toVersion = (text: string): string => `1.0.${text}`;
    /** Other texts are taken as well: partial versions, zeros in front. */
    const areValid = (...texts: readonly string[]): boolean => texts.every((text) => semver.valid(toVersion(text)));
    assertAgrees(
      (a, b) => (areValid(a, b) ? compareSemantic(toVersion(a), toVersion(b)) : undefined),
      (pairs) => pairs.map(([a, b]) => (areValid(a, b) ? semver.compare(toVersion(a), toVersion(b)) : null)),
      parts,
    );
  });
});
