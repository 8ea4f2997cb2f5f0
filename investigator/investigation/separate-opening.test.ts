/** Large answers, opened by the real program in a process of its own. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadModules } from '../../modules/registry.ts';
import { toSignedBytes } from '../../protocol/envelope.ts';
import { sha256Hex } from '../../protocol/identifiers.ts';
import { emptyReceipt, type OperationResult } from '../../protocol/result.ts';
import { ToyAgent } from '../testing/toy-agent.ts';
import { newToyQuestion } from '../testing/toy-question.ts';
import type { Program } from '../this-program.ts';
import type { Answer } from './answer.ts';
import { Answers } from './answers.ts';
import { openSeparately } from './separate-opening.ts';

const mig: Program = { command: process.execPath, args: [join(import.meta.dirname, '..', 'main.ts')] };
const toy = newToyQuestion();
const action = {
  ...toy.action,
  operations: [{ module: 'file', parameters: { searches: { s1: { paths: ['/usr'] } } } }],
};
const digest = sha256Hex(toSignedBytes(action));
const expected = { ...toy, action, digest, modules: await loadModules(['file']) };
const found = {
  file: '/usr/bin/wget',
  search: {},
  fileinfo: { lastmodified: '2025-03-03 13:32:32 +0000 UTC', mode: '-rwxr-xr-x', size: 1 },
};

/** Plain: about 150 bytes for each file. */
function resultOf(files: number, changes: Partial<OperationResult> = {}): OperationResult {
  const elements = { s1: Array.from({ length: files }, () => found) };
  const shared = { success: true, foundanything: true, statistics: {}, errors: [], receipt: emptyReceipt() };
  return { ...shared, elements, ...changes };
}

async function take(program: Program, ...results: readonly OperationResult[]) {
  const names: string[] = [];
  const answers = new Answers(expected, {
    onAnswer: (answer: Answer) => answer.kind === 'result' && names.push(answer.name),
    signal: new AbortController().signal,
    openLarge: (order, signal) => openSeparately(order, signal, program),
  });
  for (const [index, result] of results.entries())
    answers.add(new ToyAgent(`web${index}`).result(action, digest, [result]));
  const atOnce = [...names];
  await answers.settled();
  const { notGenuine } = answers.tally.toOutcome(action, { ...counts, succeeded: results.length });
  return { atOnce, names, codes: notGenuine.examples.map(({ code }) => code) };
}

const counts = { queued: 0, sent: 0, running: 0, succeeded: 0, failed: 0, refused: 0, expired: 0, cancelled: 0 };
const manyFiles = 20_000;

describe('a large answer', () => {
  it('is opened beside those that follow it', async () => {
    const { atOnce, names, codes } = await take(mig, resultOf(manyFiles), resultOf(1));
    assert.deepEqual({ atOnce, names, codes }, { atOnce: ['web1'], names: ['web1', 'web0'], codes: [] });
  });

  it('that is no answer is named by what is wrong with it, and the others stay', async () => {
    const other = resultOf(manyFiles, { elements: { s1: 'x'.repeat(3_000_000) } });
    const { names, codes } = await take(mig, other, resultOf(manyFiles));
    assert.deepEqual({ names, codes }, { names: ['web1'], codes: ['elements-malformed'] });
  });

  it('whose process ends, or says nothing of use, is not genuine, and the others stay', async () => {
    for (const script of ['process.abort()', 'process.exit(0)', 'process.stdout.write("{}")', '.']) {
      const { atOnce, names, codes } = await take(
        { command: process.execPath, args: ['-e', script] },
        resultOf(manyFiles),
        resultOf(1),
      );
      assert.deepEqual({ atOnce, names, codes }, { atOnce: ['web1'], names: ['web1'], codes: ['too-costly'] }, script);
    }
    const { codes } = await take({ command: '/nowhere', args: [] }, resultOf(manyFiles));
    assert.deepEqual(codes, ['too-costly']);
  });
});
