import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { splitWords } from './split-words.ts';

describe('a line of the console', () => {
  for (const [line, words] of [
    ['', []],
    ['  \t ', []],
    ['agents', ['agents']],
    ['  file   -path\t/srv ', ['file', '-path', '/srv']],
    [`-name '^a b$' -t "name = 'x'"`, ['-name', '^a b$', '-t', "name = 'x'"]],
    ['-name \\.php$ -size <10m', ['-name', '\\.php$', '-size', '<10m']],
    ['-name "\\.php$"', ['-name', '\\.php$']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`-title '' ""`, ['-title', '', '']],
  ] as const)
    it(`is split as it reads: ${line}`, () => {
      assert.deepEqual(splitWords(line), words);
    });

  for (const [line, message] of [
    [`-name 'a`, /expected the quote ' at character 7 to end/],
    [`"`, /expected the quote " at character 1 to end/],
    [`it's`, /expected the quote ' at character 3 to end/],
  ] as const)
    it(`does not end within quotes: ${line}`, () => {
      assert.throws(() => splitWords(line), { code: 'usage', message });
    });

  it('gives back any words that were quoted', () => {
    const word = fc.string({ unit: 'binary' }).filter((text) => !/'.*"|".*'/s.test(text));
    const quote = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);
    fc.assert(
      fc.property(fc.array(word), (words) => {
        assert.deepEqual(splitWords(words.map(quote).join(' ')), words);
      }),
    );
  });
});
