/** A field of a question: what it may hold, and the flag that it has on the command line. */
import type * as z from 'zod';
import type { Flag, FlagValue, FlagValues } from './flag.ts';

export type FieldKind =
  | 'address'
  | 'age'
  | 'bytes'
  | 'choice'
  | 'digest'
  | 'number'
  | 'path'
  | 'port'
  | 'regex'
  | 'size'
  | 'switch'
  | 'text'
  | 'time';

/**
 * What a yes to a value tells of the host: `names` that there is something of that name, `metadata` a fact about it,
 * `content` what is inside of it, `nothing` for what only says how to look.
 */
export type Disclosure = 'nothing' | 'names' | 'metadata' | 'content';

export interface Field<Schema extends z.ZodType = z.ZodType> {
  readonly kind: FieldKind;
  /** Optional or with a default where the field may be left out. */
  readonly schema: Schema;
  /** More than one where each says a value of its own: `-matchall`, `-matchany`. */
  readonly flags: readonly Flag[];
  readonly discloses: Disclosure;
  /** Of a value that is a number: `bytes`, `levels`. */
  readonly unit?: string;
  /** What its patterns are of, for advice on those that do not mean what they say: names of files, or any text. */
  readonly advice?: 'name' | 'text';
  /** Names that the field had in files of the original. */
  readonly former?: readonly string[];
  /** What was given for it; undefined when nothing was. @throws CodedError usage */
  readonly read: (given: FlagValues) => unknown;
  /** The flags that give this value. */
  readonly write: (value: unknown) => FlagValues;
}

export type Fields = Readonly<Record<string, Field>>;

/** Shape of the object that has these fields. */
export type ShapeOf<Some extends Fields> = { readonly [Name in keyof Some]: Some[Name]['schema'] };

export function toShape<Some extends Fields>(fields: Some): ShapeOf<Some> {
  return Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])) as ShapeOf<Some>;
}

/** The values of the fields that were given, by name. */
export function readFields(fields: Fields, given: FlagValues): Record<string, unknown> {
  const values = Object.entries(fields).map(([name, field]) => [name, field.read(given)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** The flags that give these values, by name. */
export function writeFields(fields: Fields, values: Readonly<Record<string, unknown>>): FlagValues {
  const written = Object.entries(fields).flatMap(([name, field]) =>
    values[name] === undefined ? [] : Object.entries(field.write(values[name])),
  );
  return Object.fromEntries<FlagValue | undefined>(written);
}

/** A field whose parameter is what was given for its one flag. */
export function plainField<Schema extends z.ZodType>(
  kind: FieldKind,
  schema: Schema,
  flag: Flag,
  { discloses, unit, former }: Pick<Field, 'discloses' | 'unit' | 'former'>,
): Field<Schema> {
  return {
    kind,
    schema,
    flags: [flag],
    discloses,
    ...(unit === undefined ? {} : { unit }),
    ...(former === undefined ? {} : { former }),
    read: (given) => given[flag.name],
    write: (value) => ({ [flag.name]: value as FlagValue }),
  };
}
