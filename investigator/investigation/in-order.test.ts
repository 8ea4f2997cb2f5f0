import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InOrder } from './in-order.ts';

describe('work in order', () => {
  it('is taken as it was given, however it ends', async () => {
    const taken: number[] = [];
    const inOrder = new InOrder<number>(3, (value) => taken.push(value));
    const ends = [3, 1, 2, 0, 4].map(() => Promise.withResolvers<number>());
    const adding = (async () => {
      for (const { promise } of ends) await inOrder.add(promise);
    })();
    for (const [index, { resolve }] of [...ends.entries()].reverse()) resolve(index);
    await adding;
    await inOrder.finish();
    assert.deepEqual(taken, [0, 1, 2, 3, 4]);
  });

  it('stops at the first failure, which is thrown and not lost', async () => {
    const taken: number[] = [];
    const inOrder = new InOrder<number>(2, (value) => taken.push(value));
    await inOrder.add(Promise.resolve(1));
    await inOrder.add(Promise.reject(new Error('broken'))).catch(() => {});
    await assert.rejects(inOrder.add(Promise.resolve(3)), /broken/);
    await assert.rejects(inOrder.finish(), /broken/);
    assert.deepEqual(taken, [1]);
  });
});
