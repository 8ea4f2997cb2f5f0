import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTraced, traceQuestion } from '../kit/testing/side-effects.ts';
import { spaces } from './spaces.ts';

describe('an answer', { skip: isTraced ? false : 'needs strace' }, () => {
  it('to a question about every key space only opens files for reading', () => {
    const settings = [
      ...spaces.map(({ example }) => example),
      'cpu:*',
      'mount:*',
      'clock:*',
      'os:*',
      'lsm:*',
      'swap:*',
    ];
    const search = { settings, options: { verdicts: true } };
    const { result, sideEffects } = traceQuestion('setting', { searches: { s1: search } });
    assert.equal(result.success, true);
    assert.ok(Number(result.statistics.examined) > settings.length);
    assert.deepEqual(sideEffects, []);
  });
});
