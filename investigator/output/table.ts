/** Rows for people, without lines that get in the way of copying. */

import { escapeText } from '../../protocol/escape.ts';
import type { Console } from './console.ts';

export interface Column {
  readonly title: string;
  /** Never cut: ids and times, which are worth nothing in part and are given to the next command. */
  readonly isWhole?: true;
}

const noBorder = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, '']),
  ),
);

const gap = '  ';
/** A column that had to give way still shows this much. */
const leastWidth = 8;
/** The last column is the one that people read: with less than this, it goes below its row. */
const leastLastWidth = 24;
const ellipsis = '…';

function toTotal(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
}

/** Widths that fit together, taken from the widest that may give way each time; undefined when they cannot. */
export function fitWidths(
  natural: readonly number[],
  least: readonly number[],
  available: number,
): number[] | undefined {
  const fitted = [...natural];
  for (let excess = toTotal(fitted) - available; excess > 0; excess -= 1) {
    const spare = fitted.map((width, column) => (width > (least[column] ?? 0) ? width : 0));
    const widest = Math.max(...spare);
    if (widest <= 0) return undefined;
    fitted[spare.indexOf(widest)] = widest - 1;
  }
  return fitted;
}

/** One line for each cell, and an empty one behind each row. */
function printList(columns: readonly Column[], rows: readonly (readonly string[])[], console: Console): void {
  const width = Math.max(...columns.map(({ title }) => title.length)) + gap.length;
  for (const row of rows) {
    for (const [column, cell] of row.entries()) console.data((columns[column]?.title ?? '').padEnd(width) + cell);
    console.data('');
  }
}

async function toLines(lines: readonly (readonly string[])[], colWidths?: number[]): Promise<string[]> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    chars: { ...noBorder, mid: '', 'mid-mid': '', middle: gap },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    ...(colWidths === undefined ? {} : { colWidths }),
  });
  table.push(...lines.map((line) => [...line]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** With the last cell of each row on a line of its own. */
async function printWithLastBelow(
  lines: readonly (readonly string[])[],
  widths: number[],
  available: number,
  { data }: Console,
): Promise<void> {
  const upper = await toLines(
    lines.map((line) => line.slice(0, -1)),
    widths,
  );
  for (const [index, line] of upper.entries()) {
    data(line);
    const last = gap + (lines[index]?.at(-1) ?? '');
    if (last.trim() !== '') data(last.length > available ? last.slice(0, available - 1) + ellipsis : last);
  }
}

/**
 * Escapes every cell. In a window that is too narrow, columns that may give way are cut, with an ellipsis; where too little
 * would be left of the last, it goes below its row; and where that does not help, the table becomes a list. A pipe takes
 * lines of any length.
 */
export async function printTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  console: Console,
): Promise<void> {
  const lines = [columns.map(({ title }) => title), ...rows].map((row) => row.map(escapeText));
  const available = console.dataColumns() ?? Number.POSITIVE_INFINITY;
  const natural = columns.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  const least = columns.map(({ isWhole }, column) => {
    const most = column === columns.length - 1 ? leastLastWidth : leastWidth;
    return isWhole === true ? (natural[column] ?? 0) : Math.min(natural[column] ?? 0, most);
  });
  const widths = fitWidths(natural, least, available);
  if (widths !== undefined) {
    // Without them, cells are measured by the cells of a terminal that their characters take.
    const isCut = toTotal(natural) > available;
    for (const line of await toLines(lines, isCut ? widths : undefined)) console.data(line);
    return;
  }
  const upperWidths = fitWidths(natural.slice(0, -1), least.slice(0, -1), available);
  if (upperWidths === undefined) printList(columns, lines.slice(1), console);
  else await printWithLastBelow(lines, upperWidths, available, console);
}
