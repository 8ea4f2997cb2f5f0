/** From a word in a target to the column it names, or to the error that helps to spell it. */

import type { Token } from './lexer.ts';
import { quoteShort, TargetError } from './target-error.ts';
import {
  type JsonColumnName,
  jsonColumns,
  type TextColumnName,
  type TimeColumnName,
  textColumns,
  timeColumns,
} from './tree.ts';

export type ColumnName =
  | { readonly kind: 'text'; readonly name: TextColumnName }
  | { readonly kind: 'time'; readonly name: TimeColumnName }
  | { readonly kind: 'json'; readonly name: JsonColumnName };

const columns: ReadonlyMap<string, ColumnName> = new Map<string, ColumnName>([
  ...textColumns.map((name) => [name, { kind: 'text', name }] as const),
  ...timeColumns.map((name) => [name, { kind: 'time', name }] as const),
  ...jsonColumns.map((name) => [name, { kind: 'json', name }] as const),
]);

/** What may start a condition besides a column; offered as corrections too. */
const otherWords = ['all', 'online', 'not', 'true', 'false'];

/** @throws TargetError with the nearest spelling as its hint */
export function parseColumnName(token: Token): ColumnName {
  const column = columns.get(token.text);
  if (column !== undefined) return column;
  throw new TargetError(token.offset, `expected a column, got ${quoteShort(token.text)}`, toColumnHint(token.text));
}

function toColumnHint(word: string): string {
  const nearest = [...columns.keys(), ...otherWords]
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .filter(({ name, distance }) => distance <= Math.min(2, name.length - 1))
    .sort((a, b) => a.distance - b.distance)[0];
  if (nearest !== undefined) return `did you mean ${nearest.name}?`;
  return `columns are ${[...textColumns, ...timeColumns].join(', ')}, environment->>'key' and tags->>'key'`;
}

/** Damerau-Levenshtein distance (optimal string alignment); words this far apart in length are not worth the table. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let distance = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        distance = Math.min(distance, (beforeLast[column - 2] ?? 0) + 1);
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
