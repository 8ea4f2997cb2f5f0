/** Rows for people, without lines that get in the way of copying. */

import { escapeText } from '../../protocol/escape.ts';
import type { Console } from './console.ts';

const noBorder = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, '']),
  ),
);

const gap = '  ';
/** A column that had to give way still shows this much. */
const leastWidth = 8;

function toTotal(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
}

/**
 * Widths that fit together, taken from the widest column each time; undefined when all fit as they are. The first column is
 * what the next command is given: it stays whole.
 */
export function fitWidths(widths: readonly number[], available: number): number[] | undefined {
  const fitted = [...widths];
  let excess = toTotal(fitted) - available;
  if (excess <= 0) return undefined;
  for (; excess > 0; excess -= 1) {
    const widest = Math.max(leastWidth, ...fitted.slice(1));
    const column = fitted.indexOf(widest, 1);
    if (column === -1 || widest === leastWidth) break;
    fitted[column] = widest - 1;
  }
  return fitted;
}

/** One line for each cell, and an empty one behind each row. */
function printList(head: readonly string[], rows: readonly (readonly string[])[], console: Console): void {
  const width = Math.max(...head.map((name) => name.length)) + gap.length;
  for (const row of rows) {
    for (const [column, cell] of row.entries()) console.data((head[column] ?? '').padEnd(width) + cell);
    console.data('');
  }
}

/**
 * Escapes every cell. On a terminal, what does not fit beside the others is cut, with an ellipsis; where nothing would be
 * left of it, it becomes a list.
 */
export async function printTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  console: Console,
): Promise<void> {
  const lines = [head, ...rows].map((row) => row.map(escapeText));
  const columns = console.dataColumns() ?? Number.POSITIVE_INFINITY;
  const natural = head.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  const colWidths = fitWidths(natural, columns);
  if (colWidths !== undefined && toTotal(colWidths) > columns) return printList(head, lines.slice(1), console);
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    chars: { ...noBorder, mid: '', 'mid-mid': '', middle: gap },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    ...(colWidths === undefined ? {} : { colWidths }),
  });
  table.push(...lines);
  for (const line of table.toString().split('\n')) console.data(line.trimEnd());
}
