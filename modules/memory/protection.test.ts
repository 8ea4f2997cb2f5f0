/** Processes whose memory is protected by their executable or mapped files. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OperationResult } from '../../protocol/result/result.ts';
import type { Protection } from '../kit/gate.ts';
import { copyPath, emptyLibrary, startTarget, type TargetProcess } from '../kit/testing/target.ts';
import { askAll, type SearchInput, toPids } from './testing/ask.ts';

const word = 'mig-protected-word';

function rule(
  glob: string,
  may: { readonly mayRead?: boolean; readonly mayTell?: boolean },
  questions = 10,
): Protection {
  return { rules: [{ glob, mayRead: false, mayTell: true, ...may }], contents: [], questions };
}

describe('a protected process', () => {
  async function about(search: SearchInput, toProtection: (path: string) => Protection) {
    const library = await emptyLibrary();
    const target: TargetProcess = await startTarget(['wait', word], {
      name: 'mig-guarded',
      env: { LD_PRELOAD: library },
    });
    const named = { names: ['^mig-guarded$'], ...search, options: { matchall: true } };
    const protection = toProtection(copyPath('mig-guarded'));
    const answer = await askAll({ s1: named }, new AbortController().signal, {}, protection);
    const isFound = toPids(answer.hits).includes(target.pid);
    await target.end();
    return { answer, isFound };
  }
  const skipped = ({ receipt }: OperationResult): number =>
    receipt.skipped.find(({ reason }) => reason === 'protected')?.count ?? 0;

  it('is searched when nothing is ruled about it', async () => {
    assert.equal((await about({ contents: [word] }, () => rule('/nothing', {}))).isFound, true);
  });

  it('is not searched, by what it runs or by a file that it has mapped', async () => {
    for (const toRule of [(path: string) => rule(path, {}), () => rule('**/libmig-preloaded.so', {})]) {
      const { answer, isFound } = await about({ contents: [word] }, toRule);
      assert.equal(isFound, false);
      assert.ok(skipped(answer) >= 1);
    }
  });

  it('is not searched when it runs an agent, whatever that is called', async () => {
    const marked = await startTarget(['wait', word], { name: 'mig-collector', mark: true });
    const protection: Protection = {
      rules: [],
      contents: [{ kind: 'agent-executable', mayRead: false }],
      questions: 10,
    };
    const search: SearchInput = { names: ['^mig-collector$'], contents: [word], options: { matchall: true } };
    const answer = await askAll({ s1: search }, new AbortController().signal, {}, protection);
    await marked.end();
    assert.deepEqual(toPids(answer.hits), []);
    assert.ok(skipped(answer) >= 1);
  });

  // The questions of all searches were counted together, and one search too many lost the findings of the others.
  it('is searched for each search as far as its own questions go', async () => {
    const target = await startTarget(['wait', word], { name: 'mig-guarded' });
    const named = { names: ['^mig-guarded$'], options: { matchall: true } };
    const searches = { greedy: { ...named, contents: [word, 'other'] }, modest: { ...named, contents: [word] } };
    const protection = rule(copyPath('mig-guarded'), { mayRead: true }, 1);
    const { elements } = await askAll(searches, new AbortController().signal, {}, protection);
    await target.end();
    assert.deepEqual([toPids(elements.greedy ?? []), toPids(elements.modest ?? [])], [[], [target.pid]]);
  });

  it('may still be listed by its name, unless it must not be told of', async () => {
    assert.equal((await about({}, (path) => rule(path, {}))).isFound, true);
    assert.equal((await about({}, (path) => rule(path, { mayTell: false }))).isFound, false);
  });

  it('of a protected process tells no more than whether it is there', async () => {
    const toRule = (path: string) => rule(path, { mayRead: true }, 1);
    const { answer, isFound } = await about({ contents: [word] }, toRule);
    assert.equal(isFound, true);
    assert.deepEqual(
      answer.hits.map(({ search }) => search.contents),
      [[{ value: word }]],
    );
    assert.equal(answer.receipt.examined.bytes, 0);
  });

  it('is searched for enough people until the questions of the hour are used up', async () => {
    const allowed = await about({ contents: [word] }, (path) => rule(path, { mayRead: true }, 1));
    assert.equal(allowed.isFound, true);
    assert.equal(allowed.answer.receipt.protectedquestions, 1);
    const tooMany = await about({ contents: [word, 'other'] }, (path) => rule(path, { mayRead: true }, 1));
    assert.equal(tooMany.isFound, false);
    assert.equal(tooMany.answer.receipt.protectedquestions, 0);
    const reasons = tooMany.answer.receipt.skipped.map(({ reason }) => reason);
    assert.ok(reasons.includes('question-limit') && !reasons.includes('protected'), reasons.join(' '));
  });
});
