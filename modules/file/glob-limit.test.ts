/** A glob that stands for more paths than are searched leaves the rest undecided. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, makeTree } from './testing/ask.ts';

const most = 10_000;

describe('a glob', () => {
  for (const [count, undecided] of [
    [most, []],
    [most + 1, [{ reason: 'undecided', count: 1 }]],
  ] as const)
    it(`for ${count} paths is ${undecided.length === 0 ? 'searched as a whole' : 'partly undecided'}`, async () => {
      const tree = makeTree();
      for (let index = 0; index < count; index += 1) tree.write(`${index}`, '');
      const { receipt } = await ask({ paths: [tree.at('*')], names: ['^none$'] });
      assert.deepEqual(receipt.skipped, undecided);
      assert.equal(receipt.examined.files, most);
    });

  it('with bytes that no text can hold is undecided', async () => {
    const tree = makeTree({ a: '' });
    const { receipt } = await ask({ paths: [tree.at('\\xff*')] });
    assert.ok(receipt.skipped.some(({ reason }) => reason === 'undecided'));
  });
});
