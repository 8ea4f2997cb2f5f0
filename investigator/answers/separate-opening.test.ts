/** Large answers, opened by the real program in a process of its own. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Program } from '../cli/this-program.ts';
import { filesResult, takeAnswers } from '../testing/large-answer.ts';

const mig: Program = { command: process.execPath, args: [join(import.meta.dirname, '..', 'main.ts')] };
const manyFiles = 20_000;

describe('a large answer', () => {
  it('is opened beside those that follow it', async () => {
    const { atOnce, names, codes } = await takeAnswers(mig, filesResult(manyFiles), filesResult(1));
    assert.deepEqual({ atOnce, names, codes }, { atOnce: ['web1'], names: ['web1', 'web0'], codes: [] });
  });

  it('that is no answer is named by what is wrong with it, and the others stay', async () => {
    const other = filesResult(manyFiles, { elements: { s1: 'x'.repeat(3_000_000) } });
    const { names, codes } = await takeAnswers(mig, other, filesResult(manyFiles));
    assert.deepEqual({ names, codes }, { names: ['web1'], codes: ['elements-malformed'] });
  });

  it('whose process ends, or says nothing of use, is not genuine, and the others stay', async () => {
    for (const script of ['process.abort()', 'process.exit(0)', 'process.stdout.write("{}")', '.']) {
      const { atOnce, names, codes } = await takeAnswers(
        { command: process.execPath, args: ['-e', script] },
        filesResult(manyFiles),
        filesResult(1),
      );
      assert.deepEqual({ atOnce, names, codes }, { atOnce: ['web1'], names: ['web1'], codes: ['too-costly'] }, script);
    }
    const { codes } = await takeAnswers({ command: '/nowhere', args: [] }, filesResult(manyFiles));
    assert.deepEqual(codes, ['too-costly']);
  });
});
