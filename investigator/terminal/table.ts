/** Rows for people, without lines that get in the way of copying. */

import { escapeText } from '../../protocol/base/escape.ts';
import type { Console } from './console.ts';
import { cutText, padText, widthOf } from './text-width.ts';

export interface Column {
  readonly title: string;
  /** Never cut: ids and times, which are worth nothing in part and are given to the next command. */
  readonly isWhole?: true;
}

const gap = '  ';
/** A column that had to give way still shows this much. */
const leastWidth = 8;
/** The last column is the one that people read: with less than this, it goes below its row. */
const leastLastWidth = 24;

function toTotal(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
}

/** What is left is given to those that gave way, from the right, a letter each. */
function giveBack(widths: readonly number[], natural: readonly number[], available: number): number[] {
  const given = [...widths];
  let spare = available - toTotal(given);
  const level = Math.max(...given.filter((width, column) => width < (natural[column] ?? 0)));
  for (let column = given.length - 1; column >= 0 && spare > 0; column -= 1)
    if (given[column] === level && level < (natural[column] ?? 0)) {
      given[column] = level + 1;
      spare -= 1;
    }
  return given;
}

/** Fits widths together by levelling the widest ones that may give way; undefined when that does not do. */
export function fitWidths(
  natural: readonly number[],
  least: readonly number[],
  available: number,
): number[] | undefined {
  if (toTotal(natural) <= available) return [...natural];
  const cutTo = (level: number): number[] =>
    natural.map((width, column) => Math.min(width, Math.max(level, least[column] ?? 0)));
  let [tooLow, highest] = [0, Math.max(...natural)];
  if (toTotal(cutTo(tooLow)) > available) return undefined;
  // The highest level at which they fit, by halves: a cell may have a million letters.
  while (highest - tooLow > 1) {
    const level = Math.floor((tooLow + highest) / 2);
    if (toTotal(cutTo(level)) <= available) tooLow = level;
    else highest = level;
  }
  return giveBack(cutTo(tooLow), natural, available);
}

/** One line for each cell, and an empty one behind each row. */
function printList(columns: readonly Column[], rows: readonly (readonly string[])[], console: Console): void {
  const width = Math.max(...columns.map(({ title }) => title.length)) + gap.length;
  for (const row of rows) {
    for (const [column, cell] of row.entries()) console.data((columns[column]?.title ?? '').padEnd(width) + cell);
    console.data('');
  }
}

/** One line for each row; what is wider than its column is cut. */
function toLines(rows: readonly (readonly string[])[], widths: readonly number[]): string[] {
  return rows.map((row) => {
    const cells = row.map((cell, column) => padText(cutText(cell, widths[column] ?? 0), widths[column] ?? 0));
    return cells.join(gap).trimEnd();
  });
}

/** With the last cell of each row on a line of its own. */
function printWithLastBelow(
  lines: readonly (readonly string[])[],
  widths: readonly number[],
  available: number,
  { data }: Console,
): void {
  const upper = toLines(
    lines.map((line) => line.slice(0, -1)),
    widths,
  );
  for (const [index, line] of upper.entries()) {
    data(line);
    const last = gap + (lines[index]?.at(-1) ?? '');
    if (last.trim() !== '') data(cutText(last, available));
  }
}

/**
 * Escapes every cell. A narrow window cuts the columns that may give way, with an ellipsis. When too little would be left of the
 * last one, it goes below its row. When that does not help, the table becomes a list. A pipe takes lines of any length.
 */
export function printTable(columns: readonly Column[], rows: readonly (readonly string[])[], console: Console): void {
  const lines = [columns.map(({ title }) => title), ...rows].map((row) => row.map(escapeText));
  const available = console.dataColumns() ?? Number.POSITIVE_INFINITY;
  const natural = columns.map((_, column) =>
    lines.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), 0),
  );
  const least = columns.map(({ isWhole }, column) => {
    const most = column === columns.length - 1 ? leastLastWidth : leastWidth;
    return isWhole === true ? (natural[column] ?? 0) : Math.min(natural[column] ?? 0, most);
  });
  const widths = fitWidths(natural, least, available);
  if (widths !== undefined) {
    for (const line of toLines(lines, widths)) console.data(line);
    return;
  }
  const upperWidths = fitWidths(natural.slice(0, -1), least.slice(0, -1), available);
  if (upperWidths === undefined) printList(columns, lines.slice(1), console);
  else printWithLastBelow(lines, upperWidths, available, console);
}
