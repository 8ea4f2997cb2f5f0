/** Processes that the question may not learn of, or whose executable it may not digest. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { copyPath, startTarget, targetProgram } from '../kit/testing/target.ts';
import { askAll, type SearchInput } from './testing/ask.ts';

const reasons: readonly string[] = ['protected', 'question-limit'];

describe('a protected process', () => {
  async function about(search: SearchInput, may: { readonly mayRead: boolean; readonly mayTell: boolean }) {
    const target = await startTarget(['wait'], { name: 'mig-shielded' });
    const protection = { rules: [{ glob: copyPath('mig-shielded'), ...may }], contents: [], questions: 1 };
    const answer = await askAll({ s1: search }, new AbortController().signal, {}, protection);
    await target.end();
    assert.ok(answer.hits.every(({ sha256 }) => sha256 === undefined));
    const { skipped, protectedquestions } = answer.receipt;
    return {
      isFound: answer.hits.some(({ pid }) => pid === target.pid),
      skipped: skipped.filter(({ reason }) => reasons.includes(reason)).map(({ reason }) => reason),
      questions: protectedquestions,
    };
  }

  it('is not listed when it must not be told of, and counted whether or not the question fits it', async () => {
    const hidden = { mayRead: false, mayTell: false };
    for (const name of ['^mig-shielded$', '^mig-other$'])
      assert.deepEqual(await about({ names: [name] }, hidden), {
        isFound: false,
        skipped: ['protected'],
        questions: 0,
      });
  });

  it('has no digest but for those who may read it, and that is a question', async () => {
    const digest = createHash('sha256')
      .update(readFileSync(await targetProgram()))
      .digest('hex');
    const search = { names: ['^mig-shielded$'], sha2: [digest] };
    const refused = await about(search, { mayRead: false, mayTell: true });
    assert.deepEqual(refused, { isFound: false, skipped: ['protected'], questions: 0 });
    const told = await about(search, { mayRead: true, mayTell: true });
    assert.deepEqual(told, { isFound: true, skipped: [], questions: 1 });
  });

  it('counts each value of a list of digests, and tells none', async () => {
    const digest = createHash('sha256')
      .update(readFileSync(await targetProgram()))
      .digest('hex');
    const mayRead = { mayRead: true, mayTell: true };
    const two = await about({ names: ['^mig-shielded$'], sha2: [digest, '0'.repeat(64)] }, mayRead);
    assert.deepEqual(two, { isFound: false, skipped: ['question-limit'], questions: 0 });
    const returned = { names: ['^mig-shielded$'], options: { returnsha256: true } };
    assert.deepEqual(await about(returned, mayRead), { isFound: true, skipped: ['protected'], questions: 0 });
    assert.deepEqual(await about({ ...returned, sha2: [digest] }, mayRead), {
      isFound: true,
      skipped: ['protected'],
      questions: 1,
    });
  });
});
