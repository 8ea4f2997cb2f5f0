/** Compiles a search to a test of one row. */
import * as z from 'zod';
import { type ListingColumns, type RowOf, toParameterName } from './columns.ts';
import type { CompilePattern } from './kinds.ts';
import type { RowFilters } from './row-filter.ts';

/** `undecided`: the system does not tell the value of a filter's column. */
export type Verdict = 'yes' | 'no' | 'undecided';

const Filter = z.array(z.string()).optional();

/** All filters must match; `no` wins over `undecided`. @param search by parameter. @throws CodedError `bad-pattern` */
export function toRowTest<Columns extends ListingColumns>(
  columns: Columns,
  filters: RowFilters<Columns>,
  search: Readonly<Record<string, unknown>>,
  compilePattern: CompilePattern,
): (row: RowOf<Columns>) => Verdict {
  const own = Object.entries(filters).map(([name, { compile }]) => compile(search[name], compilePattern, search));
  const tests = Object.entries(columns).flatMap(([name, { kind, filters: isFilter = true }]) => {
    if (!isFilter) return [];
    const texts = Filter.parse(search[toParameterName(name)]) ?? [];
    return texts.length === 0 ? [] : [{ name, fits: kind.compile(texts, compilePattern) }];
  });
  return (row) => {
    let verdict: Verdict = 'yes';
    for (const test of own) {
      const said = test(row);
      if (said === 'no') return 'no';
      if (said === 'undecided') verdict = said;
    }
    for (const { name, fits } of tests) {
      const cell = row[name];
      if (cell === null) verdict = 'undecided';
      else if (!fits(cell)) return 'no';
    }
    return verdict;
  };
}
