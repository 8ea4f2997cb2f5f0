import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyReceipt, type OperationResult } from '../../protocol/result/result.ts';
import { toCountedResult } from './module-outcome.ts';

const limits = { seconds: 1, memoryMiB: 64, resultBytes: 4096, cpuPercent: 100, threads: 1 };

function count(outcome: unknown): number {
  return toCountedResult(Buffer.from(JSON.stringify(outcome)), limits, 40).questions;
}

function toResult(success: boolean, protectedquestions: number): OperationResult {
  const receipt = { ...emptyReceipt(), protectedquestions };
  return { success, foundanything: false, elements: {}, statistics: {}, errors: [], receipt };
}

test('a module that ended without a receipt counts as all the questions that it was given', () => {
  for (const ended of [{ kind: 'threw', message: 'a defect' }, { kind: 'out-of-memory' }, { kind: 'unknown' }])
    assert.equal(count(ended), 40, JSON.stringify(ended));
  assert.equal(toCountedResult(Buffer.from('{'), limits, 40).questions, 40);
});

test('a receipt counts as what it says, also that of a question that was refused before anything was examined', () => {
  for (const success of [true, false])
    for (const questions of [0, 3])
      assert.equal(count({ kind: 'result', result: toResult(success, questions) }), questions);
});
