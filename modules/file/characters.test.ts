/** Valid UTF-8 is matched by character, anything else by byte, whatever the pattern is written with. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { native } from '../../native/index.ts';
import { askAll, findFiles, makeTree, type SearchInput } from './testing/ask.ts';

const mebibyte = 1024 * 1024;

/** The characters of bytes; a byte that belongs to none becomes U+DC80 to U+DCFF. */
function toCharacters(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((count) => {
      const part = bytes.subarray(at, at + count);
      return Buffer.from(part.toString('utf8')).equals(part) && part.length === count;
    });
    const byte = bytes[at] ?? 0;
    text += length === undefined ? String.fromCharCode(0xdc00 + byte) : bytes.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return text;
}

/** A slow implementation; the patterns mean the same in JavaScript, but for escapes of bytes. */
function matchesAnyLine(bytes: Buffer, pattern: string): boolean {
  const translated = pattern.replaceAll(/\\x([89a-f][0-9a-f])/g, '[\\x$1\\udc$1]');
  const regex = new RegExp(translated, 'su');
  const lines = toCharacters(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.some((line) => regex.test(line.replace(/\r$/, '')));
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const pieces = ['a', 'b', 'M', '\n', '\r\n', 'ü', 'é', '\u0308', 'Ж', '€', '😀', '\ud7ff'].map((text) =>
  Buffer.from(text),
);
/** Cut characters, overlong forms, surrogates, what is beyond U+10FFFF, and lone bytes. */
const broken = [
  '\xfc',
  '\xc3',
  '\xe2\x82',
  '\xf0\x9f\x98',
  '\xbc',
  '\xc0\xaf',
  '\xed\xb2\x80',
  '\xf4\x90\x80\x80',
  '\xff',
].map(latin1);
const content = fc
  .array(fc.constantFrom(...pieces, ...pieces, ...broken), { maxLength: 30 })
  .map((parts) => Buffer.concat(parts));
const atoms = [
  'a',
  'M',
  'ü',
  '.',
  '[^a]',
  '[^ü]',
  '[a-zé-ü]',
  '\\W',
  '\\xfc',
  '\\xff',
  '^',
  '$',
  '\\b',
  '.?',
  '[^b]*',
  '.{2}',
  '(?:a|.b)+',
  '😀',
  '[^\\x00-\\x7f]',
];
const pattern = fc.array(fc.constantFrom(...atoms), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));

describe('characters', () => {
  it('are what a pattern counts in valid UTF-8, and bytes elsewhere, as the slow way has it', async () => {
    const tree = makeTree();
    const path = tree.at('file');
    await fc.assert(
      fc.asyncProperty(content, fc.array(pattern, { minLength: 4, maxLength: 8 }), async (bytes, patterns) => {
        tree.write('file', bytes);
        const searches = patterns.map((one, index): [string, SearchInput] => [
          String(index),
          { paths: [path], contents: [one], options: { matchall: true } },
        ]);
        const { elements } = await askAll(Object.fromEntries(searches));
        const found = patterns.map((_, index) => elements[String(index)]?.length === 1);
        assert.deepEqual(
          found,
          patterns.map((one) => matchesAnyLine(bytes, one)),
        );
        for (const one of patterns) {
          const line = bytes.subarray(0, bytes.indexOf('\n') < 0 ? bytes.length : bytes.indexOf('\n'));
          // A short text is also matched with its letters composed.
          if (line.includes('\r') || line.length === 0 || line.includes('\u0308')) continue;
          assert.equal(native().compilePattern(one)(line), matchesAnyLine(line, one), `${one} on a short text`);
        }
      }),
      { numRuns: 300 },
    );
  });

  const files = {
    composed: 'Müller\n',
    latin: latin1('M\xfcller\n'),
    mixed: Buffer.concat([latin1('\xff M\xfcller and '), Buffer.from('Müller €\n')]),
    plain: 'Muller\n',
    smile: 'M😀ller\n',
  };
  const cases: readonly [string, readonly (keyof typeof files)[]][] = [
    ['M.ller', ['composed', 'latin', 'mixed', 'plain', 'smile']],
    ['M[^u]ller', ['composed', 'latin', 'mixed', 'smile']],
    ['M..ller', []],
    ['^.{6}$', ['composed', 'latin', 'plain', 'smile']],
    ['^M\\Wller$', ['composed', 'latin', 'smile']],
    ['[^\\x00-\\x7f]', ['composed', 'latin', 'mixed', 'smile']],
    ['[^ -~]', ['composed', 'latin', 'mixed', 'smile']],
    ['Müller', ['composed', 'mixed']],
    ['^Mü.ler$', ['composed']],
    ['M\\xfcller', ['composed', 'latin', 'mixed']],
    ['M\\xc3\\xbcller', ['composed', 'mixed']],
    ['\\xff M.*€', ['mixed']],
    ['(?i)m.LLER', ['composed', 'latin', 'mixed', 'plain', 'smile']],
    ['M\\pLller', ['composed', 'mixed', 'plain']],
    ['M\\PLller', ['latin', 'mixed', 'smile']],
    ['M\\x{1f600}ller', ['smile']],
  ];
  for (const [contents, expected] of cases)
    it(`of ${contents} are found`, async () => {
      const tree = makeTree(files);
      assert.deepEqual(await findFiles({ paths: [tree.path], contents: [contents] }), expected.map(tree.at));
      for (const [name, bytes] of Object.entries(files)) {
        const line = Buffer.from(bytes).subarray(0, -1);
        assert.equal(
          native().compilePattern(contents)(line),
          expected.some((one) => one === name),
          `${name} as a text`,
        );
      }
    });

  it('are found in every line, and in lines too long for one piece', async () => {
    const long = Buffer.concat([
      latin1('\xff'.repeat(5 * mebibyte)),
      Buffer.from('Müller'),
      latin1('\xfe'.repeat(mebibyte)),
    ]);
    const tree = makeTree({ long, lines: 'Müller\nMaller\n', other: 'Müller\nMuuller\n' });
    assert.deepEqual(
      await findFiles({ paths: [tree.path], contents: ['M.ller'] }),
      ['lines', 'long', 'other'].map(tree.at),
    );
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['M..ller'] }), [tree.at('other')]);
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['\\xffM[^u]ller\\xfe'] }), [tree.at('long')]);
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^M.ller$'], options: { macroal: true } }), [
      tree.at('lines'),
    ]);
  });

  it('of one byte of a character cannot be asked for', () => {
    for (const one of ['a\\Cb', '\\C'])
      assert.throws(() => native().re2Test(one, false, ''), /invalid escape sequence/);
  });

  it('of an ASCII pattern ignore case as ASCII, those of others as Unicode', () => {
    assert.equal(native().re2Test('(?i)set', false, '\u017fet'), false);
    assert.equal(native().re2Test('(?i)s.t', false, 'S\u00fcT'), true);
    assert.equal(native().re2Test('(?i)s.t', false, '\u017fet'), false);
    assert.equal(native().re2Test('(?i)größe', false, 'GRÖ\u1e9eE'), true);
  });
});
