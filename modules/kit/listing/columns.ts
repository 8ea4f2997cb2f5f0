/** Columns of a listing: from what is declared to the filter, the form of a row and what is printed. */
import * as z from 'zod';
import type { Column } from '../column.ts';
import type { FilterField, Kind, Scalar } from './kinds.ts';

interface ListingColumn<Value extends Scalar = Scalar> {
  readonly kind: Kind<Value>;
  /** One sentence: what it is. */
  readonly help: string;
  /** A value of its filter, where that of its kind says little. */
  readonly example?: string;
  /** Of a number: `cores`. */
  readonly unit?: string;
  /** `names` for what says which one it is: an answer that tells names alone has it. Metadata unless given. */
  readonly discloses?: 'names' | 'metadata';
  /** Where the line for people has it: bare in front, or as `title:value` in the brackets behind; there unless given. */
  readonly line?: 'head' | 'detail' | 'none';
}

/** By name, in the order in which they are shown; the name is the word of the flag. */
export type ListingColumns = Readonly<Record<string, ListingColumn>>;

type ValueOf<Some extends ListingColumn> = Some['kind'] extends Kind<infer Value> ? Value : never;

/** What is absent the thing does not have; what is null the system does not tell. */
export type RowOf<Columns extends ListingColumns> = {
  readonly [Name in keyof Columns]?: ValueOf<Columns[Name]> | null | undefined;
};

/** A row, or what several rows have in common and how many they are. */
export type ElementOf<Columns extends ListingColumns> = RowOf<Columns> & { readonly count?: number | undefined };

/** `name` → `names`, `address` → `addresses`, `family` → `families`. */
export function toParameterName(column: string): string {
  if (/[^aeiou]y$/.test(column)) return `${column.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(column) ? `${column}es` : `${column}s`;
}

export function toFilters(columns: ListingColumns): Readonly<Record<string, FilterField>> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { kind, help, example = kind.example, discloses = 'metadata' }]) => [
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

export function toElementSchema<Columns extends ListingColumns>(columns: Columns): z.ZodType<ElementOf<Columns>> {
  const cells = Object.entries(columns).map(([name, { kind }]) => [name, kind.value.nullable().optional()]);
  // The form follows from the columns one by one, which a type cannot be shown.
  return z.strictObject({ ...Object.fromEntries(cells), count: z.int().optional() }) as unknown as z.ZodType<
    ElementOf<Columns>
  >;
}

function toText({ toText: say }: Kind, cell: Scalar | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  return say === undefined ? String(cell) : say(cell);
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
      help: 'How many there are of them, with -rarest.',
      discloses: 'metadata',
      line: 'detail',
      value: ({ count }) => count,
    },
  ];
}

/** What of an element an answer has that tells names alone. */
export function toNamesOnly<Columns extends ListingColumns>(
  columns: Columns,
  element: ElementOf<Columns>,
): ElementOf<Columns> {
  const named = Object.entries(element).filter(([name]) => columns[name]?.discloses === 'names');
  return Object.fromEntries(named) as ElementOf<Columns>;
}
