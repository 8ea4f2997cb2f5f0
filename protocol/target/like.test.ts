import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../tests/stopwatch.ts';
import { matchesLike, toLowerAscii } from './like.ts';

const cases: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ['', '', true],
  ['', 'a', false],
  ['%', '', true],
  ['_', '', false],
  ['_', '\u{1f600}', true],
  ['__', '\u{1f600}', false],
  ['%b', 'abab', true],
  ['%ab%ab', 'abxab', true],
  ['a%b%c', 'axxbxx', false],
  ['100\\%', '100%', true],
  ['100\\%', '100x', false],
  ['\\\\', '\\', true],
  ['a\\bc', 'abc', true],
  ['two%', 'two\nlines', true],
  ['two_lines', 'two\nlines', true],
];

for (const [pattern, text, matches] of cases)
  test(`${JSON.stringify(text)} ${matches ? 'fits' : 'does not fit'} ${JSON.stringify(pattern)}`, () =>
    assert.equal(matchesLike(pattern, text), matches));

test('a pattern matches as the regular expression that says the same', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '\\%'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '%'), maxLength: 10 });
  fc.assert(
    fc.property(pattern, text, (like, value) => {
      const regex = like.replaceAll(/\\%|%|_/g, (piece) => ({ '%': '.*', _: '.' })[piece] ?? '%');
      assert.equal(matchesLike(like, value), new RegExp(`^${regex}$`, 's').test(value));
    }),
    { numRuns: 2000 },
  );
});

test('many wildcards over a long text end soon', () => {
  const watch = new Stopwatch();
  assert.equal(matchesLike('%a'.repeat(1000), 'a'.repeat(4000).concat('b')), false);
  assert.ok(watch.processorMs < 2000);
});

test('only ASCII letters are folded', () => assert.equal(toLowerAscii('ÀZaz\u212a'), 'Àzaz\u212a'));
