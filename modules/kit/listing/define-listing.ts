/**
 * Builds a module that lists things of the host. It declares its columns; filters, flags, limits, counts and printing
 * follow from them. Its run is a source of rows: see run-listing.ts.
 */
import type { Need } from '../../../protocol/environment/need.ts';
import { defineModule } from '../define-module.ts';
import type { Field } from '../field.ts';
import { choices, matchLimit } from '../fields.ts';
import type { Example, Former, Platform, Trial } from '../module.ts';
import {
  contradictRows,
  type ElementOf,
  type ListingColumns,
  toColumns,
  toElementSchema,
  toFilters,
  toNamesOnly,
} from './columns.ts';
import { contradictFilters, type RowFilters, type SearchValues, toFields } from './row-filter.ts';

interface Listing<Columns extends ListingColumns> {
  readonly name: string;
  /** The question that the module answers. */
  readonly summary: string;
  readonly platforms: readonly Platform[];
  /** Of the system. */
  readonly needs: readonly Need[];
  /** Plural of the listed things: `packages`. */
  readonly things: string;
  readonly columns: Columns;
  /** Filters that look at more than one column, by parameter. */
  readonly filters?: RowFilters<Columns>;
  /** Rows of several hosts are equal when these columns are. */
  readonly key: readonly (keyof Columns & string)[];
  readonly examples: readonly Example[];
  readonly trial?: Readonly<Record<Platform, Trial>>;
  readonly former?: Former;
  /** Orders of columns whose order depends on the row. */
  readonly orders?: Readonly<Record<string, (row: ElementOf<Columns>, text: string) => number | undefined>>;
  /** The needs of one search, if fewer than all. */
  readonly needsOf?: (search: SearchValues) => readonly Need[];
}

export function defineListing<const Columns extends ListingColumns>(declared: Listing<Columns>) {
  const { things, columns, filters = {}, ...common } = declared;
  const [first = '', ...others] = Object.keys(columns);
  const search: Readonly<Record<string, Field>> = { ...toFields(filters), ...toFilters(columns) };
  const module = defineModule({
    ...common,
    search,
    options: {
      rarest: choices({
        flag: 'rarest',
        of: [first, ...others],
        value: [first, ...others].join('|'),
        help: `Groups the ${things} that are equal in this column, or in these, and lists each group once with its count, the rarest first.`,
        example: `-rarest ${first}`,
        discloses: 'nothing',
      }),
      matchlimit: matchLimit(things),
    },
    contradict: (asked) => [...contradictRows(columns, asked), ...contradictFilters(filters, asked)],
    element: toElementSchema(columns),
    columns: toColumns(columns),
    counts: { examined: { help: `All ${things} that were compared.` } },
    choosesAnswer: { toNamesOnly: (element) => toNamesOnly(columns, element) },
  });
  return { ...module, listing: { things, columns, filters } };
}
