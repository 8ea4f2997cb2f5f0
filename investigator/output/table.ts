/** Rows for people, without lines that get in the way of copying. */
import type { Console } from './console.ts';
import { escapeText } from './escape.ts';

const noBorder = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, '']),
  ),
);

/** Escapes every cell. */
export async function printTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  console: Console,
): Promise<void> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: [...head],
    chars: { ...noBorder, mid: '', 'mid-mid': '', middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(row.map(escapeText));
  for (const line of table.toString().split('\n')) console.data(line.trimEnd());
}
