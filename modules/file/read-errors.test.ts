/** A file that can be read in part: what is before the error counts, and the receipt says where it is. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { mountDamagedFile, noFuse } from '../kit/testing/fuse.ts';
import { ask, type SearchInput, toPaths } from './testing/ask.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mig-damaged-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const pieceBytes = 256 * 1024;

/** Text of so many bytes with a needle, which has no line end after it when it is at the end. */
function textWith(needle: string, at: number, sizeBytes: number, filler = 'filler \n'): Buffer {
  const bytes = Buffer.alloc(sizeBytes, filler);
  bytes.write(needle, at, 'latin1');
  return bytes;
}

interface Asked {
  readonly found: boolean;
  readonly skipped: unknown;
  readonly errors: readonly string[];
}

async function askOfDamaged(
  content: Buffer,
  offset: number,
  searches: readonly Partial<SearchInput>[],
): Promise<Asked[]> {
  const file = join(scratch, 'content');
  writeFileSync(file, content);
  const mounted = await mountDamagedFile(scratch, file, offset);
  try {
    const path = join(mounted.folder, 'held');
    const answers: Asked[] = [];
    for (const search of searches) {
      const answer = await ask({ ...search, paths: [path], options: { matchall: true, ...search.options } });
      answers.push({
        found: toPaths(answer.elements.s1).length === 1,
        skipped: answer.receipt.skipped,
        errors: answer.errors,
      });
      for (const error of answer.errors) assert.ok(error.startsWith(path), error);
    }
    return answers;
  } finally {
    await mounted.end();
  }
}

const unread = [{ reason: 'read-error', count: 1 }];

describe('a read error', { skip: noFuse ?? false }, () => {
  for (const offset of [4096, 65_536, pieceBytes, pieceBytes + 8192, 3 * pieceBytes])
    it(`at byte ${offset} leaves what is before it`, async () => {
      const content = textWith('needle here', offset - 504, offset + 100_000);
      content.write('only behind', offset + 504);
      const [found, denied, absent, behind, bytes, no, digest] = await askOfDamaged(content, offset, [
        { contents: ['^needle here'] },
        { contents: ['!needle here'] },
        { contents: ['!nowhere'] },
        { contents: ['only behind'] },
        { bytes: [Buffer.from('needle').toString('hex')] },
        { bytes: ['00ff00ff'], options: { mismatch: ['bytes'] } },
        { sha2: [createHash('sha256').update(content).digest('hex')], options: { mismatch: ['sha2'] } },
      ]);
      assert.equal(found?.found, true);
      assert.equal(denied?.found, false);
      assert.equal(bytes?.found, true);
      for (const unknown of [absent, behind, no, digest]) {
        assert.equal(unknown?.found, false, 'what was not read is not known');
        assert.deepEqual(unknown?.skipped, unread);
        assert.match(unknown?.errors[0] ?? '', new RegExp(`at byte ${offset}\\b`));
      }
    });

  it('leaves the line that it cuts, but not its end', async () => {
    const content = textWith('needle', 65_536 - 6, 70_000, 'x');
    const answers = await askOfDamaged(content, 65_536, [
      { contents: ['xneedle'] },
      { contents: ['^x+needle'] },
      { contents: ['needle$'] },
      { contents: ['needle\\b'] },
      { contents: ['needle\\B'] },
      { contents: ['needlex'] },
      { contents: ['.'], options: { macroal: true } },
    ]);
    assert.deepEqual(
      answers.map(({ found }) => found),
      [true, true, false, false, false, false, false],
    );
    assert.deepEqual(answers[2]?.skipped, unread);
  });

  it('leaves what was unpacked before it', async () => {
    const noise = Array.from({ length: 40_000 }, (_, index) => createHash('md5').update(`${index}`).digest('hex')).join(
      '\n',
    );
    const packed = gzipSync(`needle here\n${noise}`);
    const options = { decompress: true };
    const [found, unknown] = await askOfDamaged(packed, 65_536, [
      { contents: ['^needle here$'], options },
      { contents: ['!nowhere'], options },
    ]);
    assert.equal(found?.found, true);
    assert.equal(unknown?.found, false);
    assert.deepEqual(unknown?.skipped, unread);
  });

  it('leaves UTF-16 that was read before it', async () => {
    const content = Buffer.from(`\ufeff${'filler\n'.repeat(4600)}needle ${'filler\n'.repeat(4600)}`, 'utf16le');
    const [found] = await askOfDamaged(content, 65_536, [{ contents: ['^needle'] }]);
    assert.equal(found?.found, true);
  });
});

describe('a damaged archive', () => {
  it('counts as far as it could be unpacked, without the line that is cut', async () => {
    const noise = Array.from({ length: 40_000 }, (_, index) => createHash('md5').update(`${index}`).digest('hex')).join(
      '',
    );
    const packed = gzipSync(`first\nneedle ${noise}`);
    const path = join(scratch, 'cut.gz');
    writeFileSync(path, packed.subarray(0, packed.length / 2));
    const find = async (contents: string): Promise<boolean> =>
      toPaths(
        (await ask({ paths: [path], contents: [contents], options: { decompress: true, matchall: true } })).elements.s1,
      ).length === 1;
    assert.equal(await find('^first$'), true);
    assert.equal(await find('^needle [0-9a-f]+'), true);
    assert.equal(await find('[0-9a-f]$'), false);
    assert.equal(await find('!first'), false);
    assert.equal(await find('!nowhere'), false);
  });
});
