import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertPortableRegex } from './regex-subset.ts';

const accepted = [
  ...[
    '',
    'web',
    '^web[0-9]{1,3}\\.example\\.(org|com)$',
    'a|b|',
    '()',
    '(?:a|b)+?x*?',
    '.{255}',
    'a{0}b{2,}',
    '\\d+\\s\\W',
  ],
  ...[
    '[a-z0-9_.-]',
    '[-a]',
    '[^-a]',
    '[\\]\\[\\^\\-]',
    '[[:alpha:][:digit:]_]',
    '[\\d\\s\\w]',
    '[.-\\/]',
    '[$^*+?(){}|]',
    '\\{\\}',
  ],
  ...['\\t\\n', 'é.\u{1f600}', '[à-ÿ]', '((((a))))', 'a"\'/-,:;<>=!@#%&`~_ '],
];
const refused = [
  // Back references, look-around, options, names.
  ...[
    '(a)\\1',
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(?<!a)',
    '(?<n>a)',
    '(?P<n>a)',
    '(?i)a',
    '(?i:a)',
    '(?>a)',
    '***:a',
    '***=a',
  ],
  // One thing to PostgreSQL, another to RE2.
  ...[
    '\\bweb\\b',
    '\\B',
    '\\ma',
    '\\Ma',
    '\\y',
    '\\Y',
    '\\A',
    '\\Z',
    '\\z',
    '\\x41',
    '\\u0041',
    '\\0',
    '\\a',
    '\\e',
    '\\cA',
    '\\Qa\\E',
  ],
  ...[
    '\\pL',
    '\\p{L}',
    '\\C',
    '\\_',
    '\\é',
    '[[.a.]]',
    '[[=a=]]',
    '[[:<:]]',
    '[[:word:]]',
    '[[:ascii:]]',
    '[\\D]',
    '[\\b]',
  ],
  // An operator to one and a literal to the other, or an error in one.
  ...[
    '{',
    'a{',
    'a{,3}',
    'a{x}',
    '}',
    ']',
    '*a',
    '+',
    '?',
    '(*a)',
    'a|*b',
    '^*',
    '$*',
    'a**',
    'a+*',
    'a{2}{3}',
    'a???',
  ],
  ...['[]', '[^]', '[]a]', '[^]a]', '[[]', '[a', '[z-a]', '[a-c-e]', '[a-\\d]', '[\\d-z]', '(', '(a', 'a)', ')', '\\'],
  // Too large once it is written out.
  ...['a{256}', 'a{3,2}', 'a{999}', '(a{20}){20}', '((a{9}){9}){9}', 'a{200}b{200}', 'a'.repeat(257)],
];

for (const pattern of accepted)
  test(`${pattern} is read alike everywhere`, () => assert.doesNotThrow(() => assertPortableRegex(pattern, false, 0)));

for (const pattern of refused)
  test(`${pattern.slice(0, 20)} is refused`, () =>
    assert.throws(() => assertPortableRegex(pattern, false, 7), { code: 'target-malformed', offset: 7 }));

test('a pattern that ignores case is ASCII', () => {
  assert.doesNotThrow(() => assertPortableRegex('web[A-Z]', true, 0));
  assert.throws(() => assertPortableRegex('é', true, 0), { code: 'target-malformed' });
});

test('what is accepted is a regular expression to JavaScript too, POSIX classes apart', () => {
  const piece = fc.constantFrom(
    ...'ab0.^$|()[]{}*+?-,\\:'.split(''),
    '(?:',
    '{2}',
    '{1,2}',
    '\\d',
    '\\.',
    '[a-b]',
    '[^',
    'é',
  );
  let compiled = 0;
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      (pattern) => {
        try {
          assertPortableRegex(pattern, false, 0);
        } catch {
          return;
        }
        compiled += 1;
        assert.doesNotThrow(() => new RegExp(pattern));
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(compiled > 500, `expected many accepted patterns, got ${compiled}`);
});
