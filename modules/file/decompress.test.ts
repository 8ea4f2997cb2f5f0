import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { ask, askAll, findFiles, makeTree } from './testing/ask.ts';

const mebibyte = 1024 * 1024;

/** Packs with a system command; undefined when it is missing. */
function packBy(command: string, ...options: readonly string[]): ((plain: string | Uint8Array) => Buffer) | undefined {
  if (spawnSync(command, ['--help'], { stdio: 'ignore' }).error !== undefined) return undefined;
  return (plain) => {
    const { status, stdout } = spawnSync(command, [...options, '-c'], { input: plain, maxBuffer: 512 * mebibyte });
    assert.equal(status, 0);
    return stdout;
  };
}

/** `packMuch` is the same format with less effort, enough for endless repetition. */
const formats = [
  { name: 'gzip', pack: gzipSync, packMuch: gzipSync },
  { name: 'zstd', pack: zstdCompressSync, packMuch: zstdCompressSync },
  { name: 'xz', pack: packBy('xz'), packMuch: packBy('xz', '-0') },
  {
    name: 'xz with a filter for programs',
    pack: packBy('xz', '--x86', '--lzma2=preset=9', '--check=sha256'),
    packMuch: packBy('xz', '--x86', '--lzma2=preset=0', '--check=sha256'),
  },
  { name: 'bzip2', pack: packBy('bzip2'), packMuch: packBy('bzip2') },
] as const;

describe('decompress', () => {
  const plain = `${'line of text\n'.repeat(50_000)}needle\n`;
  const half = Math.floor(plain.length / 2);
  const sha256 = createHash('sha256').update(plain).digest('hex');

  for (const { name, pack, packMuch } of formats) {
    describe(`of ${name}`, { skip: pack === undefined && `${name} is not installed` }, () => {
      if (pack === undefined || packMuch === undefined) return;

      it('looks inside, also when there are several members, and leaves other files as they are', async () => {
        const members = Buffer.concat([pack(plain.slice(0, half)), pack(plain.slice(half)), Buffer.alloc(512)]);
        const tree = makeTree({ one: pack(plain), two: members, plain, other: 'other', empty: pack('') });
        const search = { paths: [tree.path], options: { decompress: true } };
        assert.deepEqual(await findFiles({ ...search, contents: ['^needle$'] }), ['one', 'plain', 'two'].map(tree.at));
        assert.deepEqual(await findFiles({ ...search, bytes: ['6e6565??6c65'] }), ['one', 'plain', 'two'].map(tree.at));
        assert.deepEqual(await findFiles({ ...search, sha2: [sha256] }), ['one', 'plain', 'two'].map(tree.at));
        assert.deepEqual(await findFiles({ ...search, contents: ['!needle'] }), ['empty', 'other'].map(tree.at));
        assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^needle$'] }), [tree.at('plain')]);
      });

      it('gives the same bytes whatever the size', async () => {
        for (const size of [1, 255, 256 * 1024, 256 * 1024 + 1, 3_000_000]) {
          const bytes = randomBytes(size);
          const digest = createHash('md5').update(bytes).digest('hex');
          const tree = makeTree({ packed: pack(bytes) });
          const search = { paths: [tree.path], md5: [digest], options: { decompress: true } };
          assert.deepEqual(await findFiles(search), [tree.at('packed')]);
        }
      });

      it('notes a damaged file and does not take it for one without the content', async () => {
        const packed = pack(randomBytes(100_000));
        const tree = makeTree({
          cut: packed.subarray(0, 60_000),
          bad: Buffer.concat([packed.subarray(0, 30_000), randomBytes(30_000)]),
        });
        const answer = await ask({
          paths: [tree.path],
          contents: ['!needle'],
          options: { decompress: true, matchall: true },
        });
        assert.deepEqual(answer.elements.s1, []);
        assert.equal(answer.errors.length, 2);
        assert.deepEqual(answer.receipt.skipped, [{ reason: 'read-error', count: 2 }]);
      });

      it('gives up on a file that unpacks to far more than its size', async () => {
        const tree = makeTree({ bomb: packMuch(Buffer.alloc(300 * mebibyte)) });
        const answer = await ask({ paths: [tree.path], sha2: [sha256], options: { decompress: true } });
        assert.deepEqual(answer.receipt.skipped, [{ reason: 'size-limit', count: 1 }]);
      });
    });
  }

  it('needs no command of the system', async () => {
    // Made once with `printf needle | xz` and `| bzip2`.
    const xz = '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAFbmVlZGxlAAAAELRCYsQGQwYAAR4GwS+kHR+2830BAAAAAARZWg==';
    const bzip2 = 'QlpoOTFBWSZTWVZz7Y4AAAKBAAYFIAAwzTQhnqTgwu5IpwoSCs59scA=';
    const tree = makeTree({ xz: Buffer.from(xz, 'base64'), bzip2: Buffer.from(bzip2, 'base64') });
    const search = { paths: [tree.path], contents: ['^needle$'], options: { decompress: true } };
    assert.deepEqual(await findFiles(search), ['bzip2', 'xz'].map(tree.at));
  });

  it('refuses what would take too much memory, and says so', { skip: packBy('xz') === undefined }, async () => {
    const pack = packBy('xz', '--lzma2=preset=0,dict=256MiB');
    const tree = makeTree({ packed: pack?.('needle') ?? '' });
    const answer = await ask({ paths: [tree.path], contents: ['needle'], options: { decompress: true } });
    assert.deepEqual(answer.receipt.skipped, [{ reason: 'size-limit', count: 1 }]);
    assert.match(answer.errors.join(), /xz data needs too much memory/);
  });

  it('takes a file that was cut in its first bytes for a damaged one, too', async () => {
    const whole = {
      gzip: gzipSync('x'),
      zstd: zstdCompressSync('x'),
      xz: Buffer.from('\xfd7zXZ\0', 'latin1'),
      bzip2: Buffer.from('QlpoOTFBWSZTWQ==', 'base64'),
    };
    const cuts = Object.entries(whole).flatMap(([name, bytes]) =>
      [4, 5, 8, 9].filter((size) => size <= bytes.length).map((size) => [`${name}-${size}`, bytes.subarray(0, size)]),
    );
    const tree = makeTree({ ...Object.fromEntries(cuts), text: 'BZh', words: 'BZh9 1AY&S' });
    const search = { paths: [tree.path], contents: ['!needle'], options: { decompress: true, matchall: true } };
    const { elements, receipt } = await ask(search);
    assert.deepEqual(elements.s1?.map(({ file }) => file).sort(), ['text', 'words'].map(tree.at));
    assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: cuts.length }]);
  });

  it('says of what is packed twice that it was unpacked once', async () => {
    const tree = makeTree({ 'a.gz.gz': gzipSync(gzipSync('needle')), 'b.gz': gzipSync('needle') });
    const search = { paths: [tree.path], contents: ['needle'], options: { decompress: true } };
    const { elements, receipt, errors } = await ask(search);
    assert.deepEqual(
      elements.s1?.map(({ file }) => file),
      [tree.at('b.gz')],
    );
    assert.deepEqual(receipt.skipped, [{ reason: 'unsupported', count: 1 }]);
    assert.match(errors.join(), /a\.gz\.gz.* is packed twice, and was unpacked once/);
  });

  it('is a matter of each search', async () => {
    const packed = gzipSync(plain);
    const tree = makeTree({ 'a.gz': packed });
    const raw = createHash('sha256').update(packed).digest('hex');
    const { elements, statistics } = await askAll({
      inside: { paths: [tree.path], sha2: [sha256], options: { decompress: true } },
      outside: { paths: [tree.path], sha2: [raw] },
    });
    assert.deepEqual([elements.inside?.length, elements.outside?.length], [1, 1]);
    assert.equal(statistics.bytesread, packed.length);
  });
});
