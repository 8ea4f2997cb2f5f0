/**
 * A module that lists things of the host declares its columns and gets from them its filters, flags, limits, counts and all
 * printing. Its run is a source of rows: see run-listing.ts.
 */
import type { Need } from '../../../protocol/environment/need.ts';
import { defineModule } from '../define-module.ts';
import { choices, matchLimit } from '../fields.ts';
import type { Example, Platform, Trial } from '../module.ts';
import { type ListingColumns, toColumns, toElementSchema, toFilters, toNamesOnly } from './columns.ts';

interface Listing<Columns extends ListingColumns> {
  readonly name: string;
  /** The question that it answers. */
  readonly summary: string;
  readonly platforms: readonly Platform[];
  /** Of the system. */
  readonly needs: readonly Need[];
  /** The word for what is listed, of several: `packages`. */
  readonly things: string;
  readonly columns: Columns;
  /** The columns by which rows of several hosts are the same. */
  readonly key: readonly (keyof Columns & string)[];
  readonly examples: readonly Example[];
  readonly trial?: Readonly<Record<Platform, Trial>>;
}

export function defineListing<const Columns extends ListingColumns>(declared: Listing<Columns>) {
  const { things, columns, ...common } = declared;
  const [first = '', ...others] = Object.keys(columns);
  const module = defineModule({
    ...common,
    search: toFilters(columns),
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
    element: toElementSchema(columns),
    columns: toColumns(columns),
    counts: { examined: { help: `All ${things} that were compared.` } },
    choosesAnswer: { toNamesOnly: (element) => toNamesOnly(columns, element) },
  });
  return { ...module, listing: { things, columns } };
}
