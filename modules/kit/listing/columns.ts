/** Columns of a listing: builds filters, row schema and printing from the declaration. */
import * as z from 'zod';
import { type Column, toCellText } from '../column.ts';
import type { CellValue, FilterField, Kind } from './kinds.ts';

interface ListingColumn<Value extends CellValue = CellValue> {
  readonly kind: Kind<Value>;
  /** One sentence that describes the column. */
  readonly help: string;
  /** False for a column without a filter of its own, because one of the listing's looks at it. Default: true. */
  readonly filters?: boolean;
  /** An example value of its filter, if the kind's own says too little. */
  readonly example?: string;
  /** Of a number: `cores`. */
  readonly unit?: string;
  /** `names` for an identifying column, which an answer with names only keeps. Default: metadata. */
  readonly discloses?: 'names' | 'metadata';
  /**
   * Its place in the printed line: bare at the front, or as `title:value` in the brackets. Default: in the brackets.
   */
  readonly line?: 'head' | 'detail' | 'none';
}

/** By name, in display order; the name is also the flag. */
export type ListingColumns = Readonly<Record<string, ListingColumn>>;

type ValueOf<Some extends ListingColumn> = Some['kind'] extends Kind<infer Value> ? Value : never;

/** Absent: the thing does not have it. Null: the system does not tell. */
export type RowOf<Columns extends ListingColumns> = {
  readonly [Name in keyof Columns]?: ValueOf<Columns[Name]> | null | undefined;
};

/** A row, or the common part of several rows with their number. */
export type ElementOf<Columns extends ListingColumns> = RowOf<Columns> & { readonly count?: number | undefined };

/** The plural: `name` → `names`, `address` → `addresses`, `family` → `families`. */
export function toParameterName(column: string): string {
  if (/[^aeiou]y$/.test(column)) return `${column.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(column) ? `${column}es` : `${column}s`;
}

export function toFilters(columns: ListingColumns): Readonly<Record<string, FilterField>> {
  const filtering = Object.entries(columns).filter(([, { filters = true }]) => filters);
  return Object.fromEntries(
    filtering.map(([name, { kind, help, example = kind.example, discloses = 'metadata' }]) => [
      toParameterName(name),
      kind.toField({
        flag: name,
        help: `${help} ${kind.syntax}`,
        example: `-${name} ${/[^\w.:/-]/.test(example) ? `'${example}'` : example}`,
        discloses,
      }),
    ]),
  );
}

/** Reasons why no row can fit the filters. */
export function contradictRows(columns: ListingColumns, search: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(columns).flatMap(([name, { kind, filters = true }]) => {
    if (!filters) return [];
    const parameter = toParameterName(name);
    const texts = search[parameter];
    return Array.isArray(texts) ? [...(kind.contradict?.(parameter, texts.map(String)) ?? [])] : [];
  });
}

export function toElementSchema<Columns extends ListingColumns>(columns: Columns): z.ZodType<ElementOf<Columns>> {
  const cells = Object.entries(columns).map(([name, { kind }]) => [name, kind.value.nullable().optional()]);
  // The shape is built column by column, which the type system cannot follow.
  return z.strictObject({ ...Object.fromEntries(cells), count: z.int().optional() }) as unknown as z.ZodType<
    ElementOf<Columns>
  >;
}

function toText({ toText: say }: Kind, cell: CellValue | null | undefined): string {
  return cell === null || cell === undefined || say === undefined ? toCellText(cell) : say(cell);
}

export function toColumns<Columns extends ListingColumns>(columns: Columns): readonly Column<ElementOf<Columns>>[] {
  const made = Object.entries(columns).map(([name, column]): Column<ElementOf<Columns>> => {
    const { kind, help, unit = kind.unit, discloses = 'metadata', line = 'detail' } = column;
    return {
      name,
      kind: kind.column,
      help,
      ...(unit === undefined ? {} : { unit }),
      discloses,
      line,
      value: (element) => element[name],
      toText: (element) => toText(kind, element[name]),
    };
  });
  return [
    ...made,
    {
      name: 'count',
      kind: 'number',
      help: 'Number of equal rows, with -rarest.',
      discloses: 'metadata',
      line: 'detail',
      value: ({ count }) => count,
    },
  ];
}

/** The columns of an element in an answer with names only. */
export function toNamesOnly<Columns extends ListingColumns>(
  columns: Columns,
  element: ElementOf<Columns>,
): ElementOf<Columns> {
  const named = Object.entries(element).filter(([name]) => columns[name]?.discloses === 'names');
  return Object.fromEntries(named) as ElementOf<Columns>;
}
