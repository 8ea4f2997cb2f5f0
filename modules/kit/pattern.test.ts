import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { native } from '../../native/index.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { describePatternError, splitNegation } from './pattern.ts';

function isGoodForRe2(pattern: string): boolean {
  try {
    native().re2Test(pattern, false, '');
    return true;
  } catch (error) {
    if (error instanceof CodedError && error.code === 'bad-pattern') return false;
    throw error;
  }
}

describe('describePatternError', () => {
  for (const [pattern, advice] of [
    ['*.php', '(write \\.php$ for what a shell calls *.php)'],
    ['*password*', '(write password for what a shell calls *password*)'],
  ] as const)
    it(`says what ${pattern} is as a regular expression`, () =>
      assert.ok(describePatternError(pattern)?.endsWith(advice), describePatternError(pattern)));

  for (const pattern of ['a(', 'a)', '[a', 'a\\', '(?=a)', '(?!a)', '(?<=a)', '(a)\\1', '*a', '']) {
    it(`finds fault with ${JSON.stringify(pattern)}, as RE2 does`, () => {
      assert.notEqual(describePatternError(pattern), undefined);
      assert.equal(isGoodForRe2(pattern), false);
    });
  }

  for (const pattern of [
    '(?i)a',
    '(?P<n>a)',
    '[]a]',
    '[^]]',
    '[[:alpha:]()]',
    '[)-[::]',
    '[]-^(]',
    '[\\d-[:alpha:](]',
    '[!-\\](]',
    '\\Q(*\\E',
    '\\(',
    '[(]',
    '(?s:a.b)',
    'a{1,3}',
    '\\pN',
    '^$',
  ])
    it(`takes ${pattern}, as RE2 does`, () => {
      assert.equal(describePatternError(pattern), undefined);
      assert.equal(isGoodForRe2(pattern), true);
    });

  it('refuses nothing that RE2 takes', () => {
    const part = fc.constantFrom(
      'a',
      '(',
      ')',
      '[',
      ']',
      '^',
      '\\',
      '\\Q',
      '\\E',
      '*',
      '+',
      '?',
      '(?',
      ':',
      '(?:',
      '(?i)',
      '[:',
      ':]',
      '|',
      '{2}',
      '\\d',
      '-',
      '.',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
        (pattern) => {
          if (isGoodForRe2(pattern)) assert.equal(describePatternError(pattern), undefined);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('splitNegation', () => {
  for (const [text, negated, pattern] of [
    ['!a', true, 'a'],
    ['a!', false, 'a!'],
    ['!', false, '!'],
    ['!!a', true, '!a'],
  ] as const)
    it(`reads ${text}`, () => assert.deepEqual(splitNegation(text), { negated, pattern }));
});
