import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { native } from '../../native/index.ts';
import { canMatch } from './pattern-reach.ts';

const ofLine = (point: number): boolean => point !== 10;

describe('a pattern on one line', () => {
  for (const [pattern, expected] of [
    ['foo\\nbar', false],
    ['foo\nbar', false],
    ['foo\\x0abar', false],
    ['foo\\x{a}bar', false],
    ['foo\\012bar', false],
    ['foo[\\n]bar', false],
    ['foo\\Q\n\\Ebar', false],
    ['(foo\\n|\\nbar)', false],
    ['(?:a\\n)+', false],
    ['(?:a\\n){2,}', false],
    ['a$b', false],
    ['a^b', false],
    ['a\\z.', false],
    ['foo\\n?bar', true],
    ['foo(\\n|$)', true],
    ['foo[\\n\\r]', true],
    ['foo\\sbar', true],
    ['(?s)foo.bar', true],
    ['foo[^a]bar', true],
    ['(a\\n)*b', true],
    ['^$', true],
    ['a*^b', true],
    ['(?m)a$b', true],
    ['é\\x{20ac}', true],
    ['\\pL[[:alpha:]]', true],
    ['[é-ü]', true],
    ['\\\\n', true],
  ] as const)
    it(`${JSON.stringify(pattern)} is ${expected ? 'possible' : 'impossible'}`, () =>
      assert.equal(canMatch(pattern, ofLine), expected));

  it('is never called impossible where RE2 finds a match', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '(',
      ')',
      '[ab]',
      '[^a]',
      '^',
      '$',
      '\\n',
      '*',
      '?',
      '+',
      '|',
      '{2}',
      '{0,1}',
      '.',
      '(?:',
      '(?s)',
      '\\b',
      '\\x61',
      '[\\n]',
      '\\Qa\\E',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
        fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 6 }),
        (pattern, text) => {
          let matches: boolean;
          try {
            matches = native().re2Test(pattern, false, text);
          } catch {
            return;
          }
          if (matches) assert.ok(canMatch(pattern, ofLine), `${pattern} on ${JSON.stringify(text)}`);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
