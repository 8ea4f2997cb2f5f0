/** Widths of a list's columns, by the longest of the rows that have been seen; they never shrink while one scrolls. */
import type { ListHead, ListRow } from './virtual-list.tsx';

const narrowest = 4;
const widest = 64;
/** Padding of a cell, and the arrow of a sorted head. */
const spareCharacters = 3;

let lastKey = '';
let longest: number[] = [];

/** @param version of the list: for another one, widths begin anew. @returns a value of `grid-template-columns`. */
export function toWidths(heads: readonly ListHead[], rows: readonly ListRow[], version: string): string {
  const key = JSON.stringify([heads.map(({ name }) => name), version.split(' ')[0]]);
  if (key !== lastKey) longest = [];
  lastKey = key;
  return heads
    .map(({ name }, column) => {
      const most = rows.reduce(
        (sum, { cells }) => Math.max(sum, cells[column]?.length ?? 0),
        Math.max(longest[column] ?? 0, name.length, narrowest),
      );
      longest[column] = most;
      const characters = Math.min(widest, most) + spareCharacters;
      return column === heads.length - 1 ? `minmax(${characters}ch, 1fr)` : `${characters}ch`;
    })
    .join(' ');
}
