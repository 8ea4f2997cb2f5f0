import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { native } from '../../../native/index.ts';
import { canMatch, type Patterns } from './reach.ts';

const ofLine = { allows: (point: number): boolean => point !== 10 };

describe('a pattern on one line', () => {
  for (const [pattern, expected] of [
    ['foo\\nbar', false],
    ['foo\nbar', false],
    ['foo\\x0abar', false],
    ['foo\\x{a}bar', false],
    ['foo\\012bar', false],
    ['foo[\\n]bar', false],
    ['foo\\Q\n\\Ebar', false],
    ['\\Qa\n\\E*', true],
    ['(foo\\n|\\nbar)', false],
    ['(?:a\\n)+', false],
    ['(?:a\\n){2,}', false],
    ['a$b', false],
    ['a^b', false],
    ['a\\z.', false],
    ['(?m)foo$^bar', false],
    ['(?m)a$b', false],
    ['\\bfoo\\B\\b', false],
    ['foo\\Bbar', true],
    ['foo\\bbar', false],
    ['foo\\b bar', true],
    ['foo\\b.', true],
    ['\\b\\B', false],
    ['(^a)(^b)', false],
    ['(a$|b)c', true],
    ['[[:digit:]]\\bx', false],
    ['[^\\x00-\\x{10ffff}]', true],
    ['foo\\n?bar', true],
    ['foo(\\n|$)', true],
    ['foo[\\n\\r]', true],
    ['foo\\sbar', true],
    ['(?s)foo.bar', true],
    ['foo[^a]bar', true],
    ['(a\\n)*b', true],
    ['^$', true],
    ['a*^b', true],
    ['é\\x{20ac}', true],
    ['\\pL[[:alpha:]]', true],
    ['[é-ü]', true],
    ['\\\\n', true],
    ['((a|b)*a(a|b){30})c', true],
    // Too much work counts as possible.
    ['(.{0,400}a){3}\\n', true],
  ] as const)
    it(`${JSON.stringify(pattern)} is ${expected ? 'possible' : 'impossible'}`, () =>
      assert.equal(canMatch({ wanted: [pattern] }, ofLine), expected));
});

describe('patterns on one text', () => {
  const cases: readonly (readonly [Patterns, boolean])[] = [
    [{ wanted: ['^a$', '^b$'] }, false],
    [{ wanted: ['^a', '^b'] }, false],
    [{ wanted: ['^a', 'b$'] }, true],
    [{ wanted: ['\\.php$', '\\.js$'] }, false],
    [{ wanted: ['\\.php', '\\.js'] }, true],
    [{ wanted: ['^.{3}$', '^.{4}$'] }, true],
    [{ wanted: ['^[ab]{3}$', '^[ab]{4}$'] }, false],
    [{ wanted: ['^(?i)abc$', '^ABC$'] }, true],
    [{ wanted: ['^(?i:abc)$', '^AbD$'] }, false],
    [{ wanted: ['foo'], unwanted: ['o'] }, false],
    [{ wanted: ['foo'], unwanted: ['^foo$'] }, true],
    [{ wanted: ['^foo$'], unwanted: ['f.o'] }, false],
    [{ wanted: ['^foo$'], unwanted: ['(?i)FOO'] }, false],
    [{ wanted: ['^\\d+$'], unwanted: ['^[0-9]'] }, false],
    [{ wanted: [], unwanted: ['.*'] }, false],
    [{ wanted: [], unwanted: ['.'] }, true],
    [{ wanted: ['.'], unwanted: ['[ -~]'] }, true],
    // The Kelvin sign is a k when case does not count.
    [{ wanted: ['(?i)^k$'], unwanted: ['^[kK]$'] }, true],
    [{ wanted: ['(?i)^r$'], unwanted: ['^[rR]$'] }, false],
    // A letter with its mark is one character and two.
    [{ wanted: ['^.$', '^..$'] }, true],
    [{ wanted: ['^[a-z]+$', '^..$', '^.$'] }, false],
    [{ wanted: ['\\pL'], unwanted: ['\\pL'] }, true],
  ];
  for (const [patterns, expected] of cases)
    it(`${JSON.stringify(patterns)} is ${expected ? 'possible' : 'impossible'}`, () =>
      assert.equal(canMatch(patterns, { allows: () => true }), expected));

  it('have the form of all texts', () => {
    const modes = { allows: (point: number) => point < 128, form: '^[-u][r-][w-]$' };
    assert.equal(canMatch({ wanted: ['(?i)^U'] }, modes), true);
    assert.equal(canMatch({ wanted: ['^x'] }, modes), false);
    assert.equal(canMatch({ wanted: ['rr'] }, modes), false);
  });
});

describe('patterns with a match', () => {
  const part = fc.constantFrom(
    ...['a', 'b', 'k', '(', ')', '[ab]', '[^a]', '[^k]', '^', '$', '\\n', '*', '?', '+', '|', '{2}', '{0,1}', '.'],
    ...['(?:', '(?s)', '(?i)', '(?m)', '\\b', '\\B', '\\w', '\\W', '\\x61', '[\\n]', '\\Qa\\E', '\\Q', '\\E', '\\pL'],
    ...['é', '\\z'],
  );
  const pattern = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  const character = fc.constantFrom('a', 'b', 'k', 'K', ' ', '\n', 'é', 'e\u0301', '\u212a', '\u1fef', '`', '_');
  const text = fc.array(character, { maxLength: 6 }).map((parts) => parts.join(''));

  /** Undefined when RE2 refuses the pattern. */
  function matches(given: string, subject: string): boolean | undefined {
    try {
      return native().re2Test(given, false, subject);
    } catch {
      return undefined;
    }
  }

  it('are never called impossible', () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), text, (patterns, subject) => {
        const results = patterns.map((one) => ({ one, result: matches(one, subject) }));
        const of = (result: boolean): string[] => results.filter((one) => one.result === result).map(({ one }) => one);
        const asked = { wanted: of(true), unwanted: of(false) };
        assert.ok(canMatch(asked, { allows: () => true }), `${JSON.stringify(asked)} on ${JSON.stringify(subject)}`);
        if (!subject.includes('\n'))
          assert.ok(canMatch(asked, ofLine), `${JSON.stringify(asked)} on the line ${JSON.stringify(subject)}`);
      }),
      { numRuns: 2000 },
    );
  });
});
