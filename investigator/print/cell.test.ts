import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadModules } from '../../modules/registry.ts';
import { compareRanks, type Rank, toPlainText, toRank } from './cell.ts';
import { commonColumns } from './columns.ts';

describe('a cell', () => {
  for (const [kind, cell, text] of [
    ['time', '2026-01-31 07:00:00 +0000 UTC', '2026-01-31 07:00:00'],
    ['time', '2026-01-31 07:00:00.123456789 +0000 UTC', '2026-01-31 07:00:00.123'],
    ['time', '2026-01-31T07:00:00Z', '2026-01-31 07:00:00'],
    ['time', 1_769_842_800_000, '2026-01-31 07:00:00'],
    ['time', 1e300, '1e+300'],
    ['time', '@99999999999999', '@99999999999999'],
    ['time', null, ''],
    ['number', -5, '-5'],
    ['number', 0, '0'],
    ['list', ['a', 'b'], 'a b'],
    ['text', undefined, ''],
  ] as const)
    it(`of ${kind} prints ${JSON.stringify(cell)} as ${JSON.stringify(text)}`, () =>
      assert.equal(toPlainText(kind, cell), text));

  const orders: readonly (readonly [string, readonly Rank[]])[] = [
    ['numbers as numbers', [-1, 2, 10, 1000]],
    ['words by the numbers in them', ['10.0.0.2', '10.0.0.10', 'web2', 'web10']],
    [
      'times as times',
      ['2026-01-31 07:00:00 +0000 UTC', '2026-01-31 07:00:00.5 +0000 UTC', '2026-02-01T00:00:00Z'].map((time) =>
        toRank('time', time),
      ),
    ],
    ['numbers before words', [7, 'a']],
  ];
  for (const [name, ranks] of orders)
    it(`is in order: ${name}; what is empty comes last in both directions`, () => {
      const sort = (descending: boolean) =>
        ['', ...ranks].toReversed().sort((left, right) => compareRanks(left, right, descending));
      assert.deepEqual(sort(false), [...ranks, '']);
      assert.deepEqual(sort(true), [...ranks.toReversed(), '']);
    });
});

it('no module has a column with the name of one that every finding has', async () => {
  const common = commonColumns.map(({ name }) => name);
  for (const { name, columns } of (await loadModules()).values())
    assert.deepEqual(
      columns.map((column) => column.name).filter((column) => common.includes(column)),
      [],
      name,
    );
});
