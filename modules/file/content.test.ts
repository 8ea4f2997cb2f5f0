import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ask, askAll, findFiles, makeTree, type SearchInput, toPaths } from './testing/ask.ts';

const mebibyte = 1024 * 1024;
/** The native engine's limit. */
const pieceBytes = 256 * 1024;
const maximumLineBytes = 4 * mebibyte;

/**
 * A simple reference implementation: split into lines, test each. The generated patterns mean the same in JavaScript
 * and RE2.
 */
function matchesByLine(text: string, pattern: string, everyLine: boolean): boolean {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const regex = new RegExp(pattern, 's');
  const matches = lines.map((line) => regex.test(line.replace(/\r$/, '')));
  return everyLine ? matches.length > 0 && matches.every(Boolean) : matches.some(Boolean);
}

const atoms = [
  'a',
  'b',
  '[ab]',
  '[^a]',
  '.',
  '^',
  '$',
  '\\b',
  '\\B',
  '\\s',
  '\\r',
  'c?',
  '(?:ab)+',
  'a*',
  'b{2,3}',
  'abc',
  'cabA',
  '(?:abc|bca|caa)',
];
const pattern = fc
  .array(fc.constantFrom(...atoms), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''))
  .chain((left) => fc.constantFrom(left, `${left}|^$`, `(?:${left}|ba)`));
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', ' ', '\n', '\r', '\r\n', 'ab', 'abc', 'cabA'), { maxLength: 40 })
  .map((parts) => parts.join(''));

describe('content', () => {
  it('is matched line by line as the slow way does it', async () => {
    const tree = makeTree();
    const path = tree.at('file');
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(pattern, { minLength: 4, maxLength: 8 }),
        fc.boolean(),
        async (content, patterns, macroal) => {
          tree.write('file', content);
          const searches = patterns.map((one, index): [string, SearchInput] => [
            String(index),
            { paths: [path], contents: [one], options: { macroal, matchall: true } },
          ]);
          const { elements } = await askAll(Object.fromEntries(searches));
          const found = patterns.map((_, index) => elements[String(index)]?.length === 1);
          assert.deepEqual(
            found,
            patterns.map((one) => matchesByLine(content, one, macroal)),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is any of many texts wherever it begins, as the slow way has it', async () => {
    const tree = makeTree();
    const path = tree.at('file');
    const letters = fc.constantFrom('a', 'b', 'B', 'c', '-');
    const literal = fc.array(letters, { minLength: 3, maxLength: 9 }).map((parts) => parts.join(''));
    const filler = fc.array(fc.constantFrom('a', 'A', 'b', 'c', '-', '\n', 'x'), { maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(literal, { minLength: 3, maxLength: 40 }),
        fc.array(filler, { maxLength: 3 }),
        fc.boolean(),
        async (literals, fillers, ignoresCase) => {
          const content = fillers.map((parts, index) => `${parts.join('')}${literals[index] ?? ''}x`).join('\n');
          tree.write('file', content);
          const lines = content.split('\n');
          const fold = (some: string): string => (ignoresCase ? some.toLowerCase() : some);
          const matches = (line: string): boolean => literals.some((one) => fold(line).includes(fold(one)));
          const contents = [`${ignoresCase ? '(?i)' : ''}(?:${literals.join('|')})`];
          assert.equal((await findFiles({ paths: [path], contents })).length === 1, lines.some(matches));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is found at every place around the end of a piece', async () => {
    const tree = makeTree();
    const names: string[] = [];
    for (const start of [pieceBytes - 12, pieceBytes - 6, pieceBytes - 1, pieceBytes, 2 * pieceBytes - 3]) {
      for (const [kind, filler] of [
        ['line', 'x'.repeat(79).concat('\n')],
        ['blob', '\0'],
      ] as const) {
        const before = filler.repeat(Math.ceil(start / filler.length)).slice(0, start - 1);
        names.push(tree.write(`${kind}-${start}`, `${before}\nneedle here\n${filler.repeat(100)}`));
      }
    }
    names.sort();
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^needle here$'] }), names);
    assert.deepEqual(await findFiles({ paths: [tree.path], bytes: [Buffer.from('needle').toString('hex')] }), names);
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^eedle'] }), []);
  });

  const lengths = [65_536, 100_000, pieceBytes * 2, maximumLineBytes - 10, maximumLineBytes + 10, 3 * maximumLineBytes];
  for (const length of lengths)
    it(`is found at the start, in and at the end of a line of ${length} bytes`, async () => {
      const blank = Buffer.alloc(length, 'x');
      const place = (needle: string, at: number): Buffer => {
        const line = Buffer.from(blank);
        line.write(needle, at);
        return Buffer.concat([Buffer.from('short\n'), line, Buffer.from('\ntail\n')]);
      };
      const tree = makeTree({
        start: place('needle', 0),
        middle: place('needle', Math.floor(length / 2)),
        end: place('needle', length - 6),
        none: place('', 0),
      });
      const all = ['end', 'middle', 'start'].map(tree.at);
      const find = (contents: string[]): Promise<string[]> => findFiles({ paths: [tree.path], contents });
      assert.deepEqual(await find(['needle']), all);
      assert.deepEqual(await find(['^needle']), [tree.at('start')]);
      assert.deepEqual(await find(['needle$']), [tree.at('end')]);
      assert.deepEqual(await find(['!needle']), [tree.at('none')]);
      assert.deepEqual(await find(['^tail$']), [...all, tree.at('none')].sort());
    });

  it('is undecided in a line that is too long for a match of any length, and in no other', async () => {
    const filler = Buffer.alloc(maximumLineBytes * 2, 'x');
    const tree = makeTree({
      long: filler,
      pair: Buffer.concat([Buffer.from('first'), filler, Buffer.from('second')]),
      near: Buffer.concat([filler, Buffer.from('first, second')]),
    });
    const find = async (contents: string, options = {}) => {
      const { elements, receipt, errors } = await ask({
        paths: [tree.path],
        contents: [contents],
        options: { matchall: true, ...options },
      });
      return { found: toPaths(elements.s1), skipped: receipt.skipped, notes: errors.length };
    };
    const none = { skipped: [], notes: 0 };
    assert.deepEqual(await find('needle'), { found: [], ...none });
    assert.deepEqual(await find('!first'), { found: [tree.at('long')], ...none });
    assert.deepEqual(await find('x{30}second'), { found: [tree.at('pair')], ...none });
    const both = { skipped: [{ reason: 'undecided', count: 2 }], notes: 2 };
    assert.deepEqual(await find('first.*second'), { found: [tree.at('near')], ...both });
    assert.deepEqual(await find('!first.*second'), { found: [], ...both });
    assert.deepEqual(await find('^.*$', { macroal: true }), {
      found: [],
      skipped: [{ reason: 'undecided', count: 3 }],
      notes: 3,
    });
  });

  it('treats the start and the end of a line as those of a text', async () => {
    const tree = makeTree({ file: 'one\ntwo\nthree' });
    for (const contents of ['\\Atwo\\z', '(?-m)^two$', '(?m)^two$', '(?s)^t.o$', '^[^x]wo$'])
      assert.deepEqual(await findFiles({ paths: [tree.path], contents: [contents] }), [tree.at('file')], contents);
    for (const contents of ['one\\ntwo', '(?s)one.two', 'one\\s+two', 'one[^x]two', '^$', 'three\\n'])
      assert.deepEqual(await findFiles({ paths: [tree.path], contents: [contents] }), [], contents);
  });

  it('takes linear time for a pattern that explodes elsewhere', async () => {
    const tree = makeTree({ file: `${'a'.repeat(200_000)}!\n`.repeat(10) });
    const startedMs = performance.now();
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^(a+)+$', '(a|aa)*c', '(x+x+)+y'] }), []);
    assert.ok(performance.now() - startedMs < 5000);
  });
});

describe('digests', () => {
  it('are those of Node for every algorithm and for sizes around a piece', async () => {
    const sizes = [
      0,
      1,
      55,
      56,
      63,
      64,
      65,
      127,
      128,
      129,
      4096,
      pieceBytes - 1,
      pieceBytes,
      pieceBytes + 1,
      mebibyte + 17,
    ];
    const tree = makeTree();
    for (const size of sizes) {
      const content = randomBytes(size);
      const path = tree.write(`size-${size}`, content);
      const digest = (algorithm: string): string => createHash(algorithm).update(content).digest('hex');
      const sha2 = ['sha224', 'sha256', 'sha384', 'sha512'].map(digest);
      const sha3 = ['sha3-224', 'sha3-256', 'sha3-384', 'sha3-512'].map(digest);
      const { elements } = await ask({ paths: [tree.path], md5: [digest('md5')], sha1: [digest('sha1')], sha2, sha3 });
      const filters = elements.s1?.map(({ search }) => Object.keys(search)[0]).sort();
      assert.deepEqual(filters, ['md5', 'sha1', 'sha2', 'sha3']);
      assert.deepEqual([...new Set(toPaths(elements.s1))], [path]);
      for (const one of [...sha2]) assert.deepEqual(await findFiles({ paths: [path], sha2: [one] }), [path]);
      for (const one of [...sha3]) assert.deepEqual(await findFiles({ paths: [path], sha3: [one] }), [path]);
    }
  });

  // FIPS 180-4 and FIPS 202: the examples for "abc".
  const abc: readonly [SearchInput['md5'] extends unknown ? 'md5' | 'sha1' | 'sha2' | 'sha3' : never, string][] = [
    ['md5', '900150983cd24fb0d6963f7d28e17f72'],
    ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['sha2', '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'],
    ['sha2', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sha2', 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7'],
    [
      'sha2',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
    ['sha3', 'e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf'],
    ['sha3', '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'],
    ['sha3', 'ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25'],
    [
      'sha3',
      'b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0',
    ],
  ];
  for (const [filter, hex] of abc)
    it(`know ${filter} of ${hex.length * 4} bits of abc`, async () => {
      const tree = makeTree({ abc: 'abc', abd: 'abd' });
      assert.deepEqual(await findFiles({ paths: [tree.path], [filter]: [hex] }), [tree.at('abc')]);
    });
});
