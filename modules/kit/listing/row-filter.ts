/** Filters of a listing that look at more than one column of a row. */
import type * as z from 'zod';
import { type Compared, contradictPatterns, toWritten } from '../contradictions.ts';
import type { Field } from '../field.ts';
import type { ListingColumns, RowOf } from './columns.ts';
import type { CompilePattern } from './kinds.ts';
import type { Verdict } from './row-test.ts';

type RowTest<Row> = (row: Row) => Verdict;

/** The other values of the search, by parameter. */
export type SearchValues = Readonly<Record<string, unknown>>;

export interface RowFilter<Row = never> {
  readonly field: Field;
  /** Also called without a value, undefined. @throws CodedError `bad-pattern` */
  readonly compile: (value: unknown, compilePattern: CompilePattern, search: SearchValues) => RowTest<Row>;
  /** Of a filter of patterns: what they are compared with. */
  readonly compared?: Compared;
}

export type RowFilters<Columns extends ListingColumns> = Readonly<Record<string, RowFilter<RowOf<Columns>>>>;

/** @param compile gets the value as the field's schema gives it. */
export function rowFilter<Schema extends z.ZodType, Row>(
  field: Field<Schema>,
  compile: (value: z.output<Schema>, compilePattern: CompilePattern, search: SearchValues) => RowTest<Row>,
  compared?: Compared,
): RowFilter<Row> {
  return {
    field,
    compile: (value, ...rest) => compile(field.schema.parse(value), ...rest),
    ...(compared === undefined ? {} : { compared }),
  };
}

export function toFields(filters: Readonly<Record<string, Pick<RowFilter, 'field'>>>): Readonly<Record<string, Field>> {
  return Object.fromEntries(Object.entries(filters).map(([name, { field }]) => [name, field]));
}

/** Reasons why no row can fit the patterns of a filter. */
export function contradictFilters(
  filters: Readonly<Record<string, Pick<RowFilter, 'compared'>>>,
  search: SearchValues,
): string[] {
  return Object.entries(filters).flatMap(([name, { compared }]) => {
    const texts = search[name];
    if (compared === undefined || !Array.isArray(texts)) return [];
    return [...contradictPatterns(name, toWritten(texts.map(String)), compared)];
  });
}
