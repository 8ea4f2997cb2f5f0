import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listBounds, type Page, readPages } from './pages.ts';

type Numbers = Page<number, number>;

async function collect(read: (after: number) => Numbers, bounds = listBounds): Promise<number[]> {
  const items: number[] = [];
  const pages = readPages<number, number>({
    what: 'numbers',
    after: 0,
    cursorOf: (item) => item,
    bounds,
    read: async (after = 0, budget) => {
      budget.take(1);
      if (budget.left < 0) throw new Error('expected bytes to be left');
      return read(after);
    },
  });
  for await (const item of pages) items.push(item);
  return items;
}

const misbehaved = { code: 'server-misbehaved' };

describe('a list of the relay', () => {
  it('is read to its end, page by page', async () => {
    const pages = (after: number): Numbers => ({ items: [after + 1, after + 2], next: after < 4 ? after + 2 : null });
    assert.deepEqual(await collect(pages), [1, 2, 3, 4, 5, 6]);
  });

  const wrong: readonly (readonly [string, (after: number) => Numbers])[] = [
    ['never ends', (after) => ({ items: [after + 1], next: after + 1 })],
    ['never ends and is empty', (after) => ({ items: [], next: after + 1 })],
    ['says that it goes on where it stood', (after) => ({ items: [], next: after })],
    ['turns back', (after) => ({ items: [after + 1], next: after - 1 })],
    ['has one twice', () => ({ items: [1, 1], next: null })],
    ['is out of order', () => ({ items: [2, 1], next: null })],
  ];
  for (const [name, read] of wrong)
    it(`that ${name} ends with a named error`, async () => {
      await assert.rejects(collect(read, { ...listBounds, maximumItems: 1000 }), misbehaved);
      await assert.rejects(collect(read, { ...listBounds, maximumPages: 200 }), misbehaved);
    });

  it('that takes too long, or has too many bytes, is left', async () => {
    const endless = (after: number): Numbers => ({ items: [after + 1], next: after + 1 });
    await assert.rejects(collect(endless, { ...listBounds, maximumMs: -1 }), misbehaved);
    await assert.rejects(collect(endless, { ...listBounds, maximumBytes: 10 }), /bytes to be left/);
  });
});
