import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTraced, traceQuestion } from '../kit/testing/side-effects.ts';

describe('an answer', { skip: isTraced ? false : 'needs strace' }, () => {
  for (const [name, search] of [
    ['text logs', { contents: ['error'], sources: ['text'] }],
    ['the journal', { contents: ['error'], sources: ['journal'] }],
    ['signs', { signs: true }],
    ['logins', { sources: ['login', 'failed', 'last'] }],
  ] as const)
    it(`to a question about ${name} only opens files for reading`, () => {
      const { result, sideEffects } = traceQuestion('log', { searches: { s1: search } });
      assert.equal(result.success, true);
      assert.deepEqual(sideEffects, []);
    });
});
