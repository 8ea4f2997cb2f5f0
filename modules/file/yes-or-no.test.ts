/**
 * A yes-or-no answer is the same for any number of matching files, whether they match all filters of a search or only
 * the first.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { carryOut } from '../kit/carry-out.ts';
import { limits } from '../kit/testing/limits.ts';
import { module } from './module.ts';
import { run } from './run.ts';
import { makeTree, type SearchInput } from './testing/ask.ts';

/** Four files; the given number of them have a name that begins with a. */
function makeFiles(fitting: number): string {
  const names = [1, 2, 3, 4].map((number) => `${number > 4 - fitting ? 'a' : 'z'}${number}`);
  // Each claims to be packed but is not.
  const damaged = Buffer.from('1f8b0800000000000000ffffffff', 'hex');
  return makeTree(Object.fromEntries(names.map((name) => [name, damaged]))).path;
}

/** An answer without its cost. */
async function answerOf(searches: Readonly<Record<string, SearchInput>>): Promise<unknown> {
  const context = { signal: new AbortController().signal, limits };
  const { receipt, ...result } = await carryOut(module, run, { searches, answer: 'yesno' }, context);
  return { ...result, receipt: { ...receipt, cost: null } };
}

describe('yes', () => {
  it('tells no count, whatever the match limits', async () => {
    const ask = (fitting: number): Promise<unknown> => {
      const paths = [makeFiles(fitting)];
      const searches = [1, 2, 3, 4].map((matchlimit): [string, SearchInput] => [
        `s${matchlimit}`,
        { paths, names: ['^a'], options: { matchlimit } },
      ]);
      return answerOf(Object.fromEntries(searches));
    };
    const answer = await ask(3);
    assert.deepEqual(answer, await ask(1));
    assert.equal(Reflect.get(Object(answer), 'foundanything'), true);
    assert.deepEqual(Reflect.get(Object(answer), 'statistics'), { totalhits: 1 });
    assert.deepEqual(Reflect.get(Object(answer), 'errors'), []);
  });
});

describe('no', () => {
  const searches: Readonly<Record<string, Omit<SearchInput, 'paths'>>> = {
    'read as they are': { names: ['^a'], contents: ['absent'] },
    'unpacked, which fails': { names: ['^a'], contents: ['absent'], options: { decompress: true } },
  };
  for (const [says, search] of Object.entries(searches))
    it(`tells how much was walked, not how many files were ${says}`, async () => {
      const ask = (fitting: number): Promise<unknown> => {
        const options = { matchall: true, ...search.options };
        return answerOf({ s1: { ...search, options, paths: [makeFiles(fitting)] } });
      };
      const answer = await ask(3);
      assert.deepEqual(answer, await ask(1));
      assert.equal(Reflect.get(Object(answer), 'foundanything'), false);
      assert.deepEqual(Reflect.get(Object(answer), 'statistics'), { totalhits: 0, filescount: 4, directoriescount: 1 });
    });
});
