/** What waits for the end has an end itself, and whoever is left out is counted. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgentId } from '../../protocol/base/identifiers.ts';
import type { ListedColumn, ListedRow } from './columns.ts';
import { SortedRows } from './sorted-rows.ts';
import { Stack } from './stack.ts';

function rowOf(host: number, size: number): ListedRow {
  const agent = AgentId.parse(String(host).padStart(64, '0'));
  const result = { kind: 'result', agent, name: `web${host}`, state: 'succeeded', operations: [] } as const;
  return { result, agentname: result.name, finding: { index: 0, module: 'file', place: ['s1'], cells: { size } } };
}

const column: ListedColumn = {
  name: 'size',
  kind: 'number',
  help: 'Size.',
  value: ({ finding }) => finding?.cells?.size,
};

describe('rows in order', () => {
  for (const descending of [false, true])
    it(`keep the first of more than fit, ${descending ? 'from high to low' : 'from low to high'}`, () => {
      const rows = new SortedRows<readonly [string]>([{ column, descending }], 50_000);
      // 7919 is prime: each number from 0 to 9999 once, in no order.
      const sizes = Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 10_000);
      for (const size of sizes) rows.add(rowOf(1, size), [String(size)]);
      const kept = rows.take().map(([size]) => Number(size));
      assert.ok(kept.length > 100 && kept.length < 250, String(kept.length));
      assert.deepEqual(
        kept,
        kept.map((_, index) => (descending ? 9999 - index : index)),
      );
      assert.equal(kept.length + rows.leftOut, sizes.length);
    });
});

describe('groups', () => {
  it('of one host that makes up findings take no room from those of others', () => {
    const stack = new Stack([column], { bytes: 1_000_000, groupsPerHost: 100 });
    for (let size = 0; size < 1000; size += 1) stack.add(rowOf(1, size));
    stack.add(rowOf(2, 5000));
    stack.add(rowOf(3, 5000));
    const groups = stack.take();
    assert.equal(groups.length, 101);
    assert.deepEqual([groups.at(-1)?.hosts, groups.at(-1)?.cells], [2, [5000]]);
    assert.match(stack.describeGaps().join(), /^900 findings are in no group: there are too many/);
  });

  it('that are there grow when there is no room for more', () => {
    const stack = new Stack([column], { bytes: 1000, groupsPerHost: 100 });
    for (let host = 1; host <= 100; host += 1) {
      stack.add(rowOf(host, 7));
      stack.add(rowOf(host, 1000 + host));
    }
    assert.deepEqual(
      stack.take().map(({ hosts, example }) => [hosts, example.name]),
      [
        [1, 'web1'],
        [100, 'web1'],
      ],
    );
    assert.match(stack.describeGaps().join(), /^99 findings /);
  });
});
