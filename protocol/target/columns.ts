/** Columns by the words of a target, and the error that helps to spell them. */
import { suggest } from '../base/suggest.ts';
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

/** Words that may start a condition besides a column; offered as corrections, too. */
const otherWords = ['all', 'online', 'not', 'true', 'false'];

/** @throws TargetError with the nearest spelling as its hint */
export function parseColumnName(token: Token): ColumnName {
  const column = columns.get(token.text);
  if (column !== undefined) return column;
  throw new TargetError(token.offset, `expected a column, got ${quoteShort(token.text)}`, toColumnHint(token.text));
}

/** Facts of the host, which people ask for as if they were columns. */
const hostFacts: readonly string[] = ['os', 'arch', 'ident', 'addresses', 'init', 'isproxied', 'cloud', 'publicip'];

function toColumnHint(word: string): string {
  if (hostFacts.includes(word)) return `write environment->>'${word}'`;
  const nearest = suggest(word, [...columns.keys(), ...otherWords]);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  return `columns are ${[...textColumns, ...timeColumns].join(', ')}, environment->>'key' and tags->>'key'`;
}
