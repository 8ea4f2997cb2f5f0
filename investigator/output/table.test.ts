import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { recordConsole } from '../testing/recorded-console.ts';
import { fitWidths, printTable } from './table.ts';

const head = ['id', 'name', 'target'];
const row = ['0'.repeat(32), 'a name', "environment->>'os' = 'linux' AND ".repeat(4)];

describe('a table', () => {
  it('fits the terminal, and leaves the first column whole', async () => {
    const console = recordConsole(true);
    await printTable(head, [row], console);
    const lines = console.lines.map((line) => line.slice('out: '.length));
    assert.equal(lines.length, 2);
    for (const line of lines) assert.ok(line.length <= 80, line);
    assert.match(lines[1] ?? '', /^0{32} {2}a name {2}environment.*…$/);
  });

  it('becomes a list where it does not fit at all', async () => {
    const console = { ...recordConsole(true), dataColumns: () => 44 };
    await printTable(
      ['id', 'created', 'by', 'target', 'name'],
      [['0'.repeat(32), '2026-01-31T07:00:00Z', 'alice', 'all', 'x'.repeat(60)]],
      console,
    );
    assert.deepEqual(console.lines, [
      `out: id       ${'0'.repeat(32)}`,
      'out: created  2026-01-31T07:00:00Z',
      'out: by       alice',
      'out: target   all',
      `out: name     ${'x'.repeat(60)}`,
      'out: ',
    ]);
  });

  it('is written in full into a pipe', async () => {
    const console = recordConsole();
    await printTable(head, [row], console);
    assert.ok(console.lines[1]?.endsWith(row[2]?.trimEnd() ?? ''), console.lines[1]);
  });

  it('never widens a column, never cuts the first, and gives up only when all others are at their least', () => {
    const widths = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(widths, fc.integer({ min: 1, max: 300 }), (natural, available) => {
        const fitted = fitWidths(natural, available) ?? natural;
        assert.equal(fitted[0], natural[0]);
        for (const [index, width] of fitted.entries()) assert.ok(width <= (natural[index] ?? 0));
        const total = fitted.reduce((sum, width) => sum + width + 2, -2);
        assert.ok(total <= available || fitted.slice(1).every((width) => width <= 8));
      }),
    );
  });
});
