import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../tests/stopwatch.ts';
import { recordConsole } from '../testing/recorded-console.ts';
import { type Column, fitWidths, printTable } from './table.ts';

const columns: readonly Column[] = [
  { title: 'id', isWhole: true },
  { title: 'created', isWhole: true },
  { title: 'by' },
  { title: 'target' },
  { title: 'name' },
];
const [id, created] = ['0'.repeat(32), '2026-01-31T07:00:00Z'];
const row = [id, created, 'alice', "environment->>'os' = 'linux' AND ".repeat(4), 'wget '.repeat(20).trim()];

async function print(width: number, rows: readonly (readonly string[])[] = [row]): Promise<string[]> {
  const console = { ...recordConsole(true), dataColumns: () => width };
  printTable(columns, rows, console);
  return console.lines.map((line) => line.slice('out: '.length));
}

describe('a table', () => {
  it('cuts in a narrow window what is no id and no time', async () => {
    const lines = await print(110);
    assert.equal(lines.length, 2);
    for (const line of lines) assert.ok(line.length <= 110, line);
    assert.match(
      lines[1] ?? '',
      /^0{32} {2}2026-01-31T07:00:00Z {2}alice {2}environment.*… {2}wget wget wget wget.*…$/,
    );
  });

  it('puts the last cell below its row where too little would be left of it', async () => {
    assert.deepEqual(await print(80, [row, [id, created, 'bob', 'all', '']]), [
      `id${' '.repeat(32)}created               by     target`,
      '  name',
      `${id}  ${created}  alice  environment->>'o…`,
      `  ${'wget '.repeat(16).slice(0, 77)}…`,
      `${id}  ${created}  bob    all`,
    ]);
  });

  it('becomes a list where ids and times leave no room at all', async () => {
    assert.deepEqual(await print(44), [
      `id       ${id}`,
      `created  ${created}`,
      'by       alice',
      `target   ${row[3]}`,
      `name     ${row[4]}`,
      '',
    ]);
  });

  it('is written in full into a pipe', async () => {
    const console = recordConsole();
    printTable(columns, [[...row.slice(0, 4), '日本語の名前']], console);
    assert.equal(console.lines.length, 2);
    assert.ok(console.lines[1]?.endsWith(`${row[3]}  日本語の名前`), console.lines[1]);
  });

  it('cuts a cell of a million letters, and never half a character, in no time', async () => {
    const watch = new Stopwatch();
    const lines = await print(110, [[id, created, 'a'.repeat(1_000_000), '😀'.repeat(1000), '😀'.repeat(1_000_000)]]);
    for (const line of lines) assert.ok(line.length <= 110 && !/[\ud800-\udbff](?![\udc00-\udfff])/.test(line), line);
    assert.ok(watch.processorMs < 2000, `${watch.processorMs} ms`);
  });

  it('has room for more rows than a call may have arguments', async () => {
    const rows = Array.from({ length: 200_000 }, () => ['a', 'b', 'c', 'd', 'e']);
    assert.equal((await print(80, rows)).length, 200_001);
  });

  it('never widens a column nor takes more from one than it may, and gives up only when none can give more', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 200 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 300 }), (given, available) => {
        const natural = given.map(([width]) => width);
        const least = given.map(([width, most]) => Math.min(width, most));
        const toTotal = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + 2, -2);
        const fitted = fitWidths(natural, least, available);
        if (fitted === undefined) return assert.ok(toTotal(least) > available);
        assert.ok(toTotal(fitted) <= available);
        for (const [index, width] of fitted.entries())
          assert.ok(width <= (natural[index] ?? 0) && width >= (least[index] ?? 0));
      }),
    );
  });
});
