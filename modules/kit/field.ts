/** A field of a question: its values and its command-line flags. */
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
 * What a match of a value discloses about the host: `names` a name that exists there, `metadata` a fact about it,
 * `content` its content; `nothing` for options that only say how to search.
 */
export type Disclosure = 'nothing' | 'names' | 'metadata' | 'content';

export type PatternEngine = 'text' | 'lines' | 'memory';

export interface Field<Schema extends z.ZodType = z.ZodType> {
  readonly kind: FieldKind;
  /** Optional or with a default when the field may be omitted. */
  readonly schema: Schema;
  /** Several flags when each sets another value: `-matchall`, `-matchany`. */
  readonly flags: readonly Flag[];
  readonly discloses: Disclosure;
  /** Of a numeric value: `bytes`, `levels`. */
  readonly unit?: string;
  /** The texts that its patterns match, for advice on likely mistakes: file names, or any text. */
  readonly advice?: 'name' | 'text';
  /** Of a regex: what compiles it. Memory has no lines and no end. */
  readonly engine?: PatternEngine;
  /** RE2 patterns inside of its values, when the values themselves are none. */
  readonly patternsIn?: (value: string) => readonly string[];
  /** Names of the field in files of the original. */
  readonly former?: readonly string[];
  /** The value given by flags; undefined without any. @throws CodedError usage */
  readonly read: (given: FlagValues) => unknown;
  /** The flags for this value. */
  readonly write: (value: unknown) => FlagValues;
}

export type Fields = Readonly<Record<string, Field>>;

/** Zod shape of an object with these fields. */
export type ShapeOf<Some extends Fields> = { readonly [Name in keyof Some]: Some[Name]['schema'] };

export function toShape<Some extends Fields>(fields: Some): ShapeOf<Some> {
  return Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])) as ShapeOf<Some>;
}

/** The values of the given fields, by name. */
export function readFields(fields: Fields, given: FlagValues): Record<string, unknown> {
  const values = Object.entries(fields).map(([name, field]) => [name, field.read(given)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** The flags for these values, by name. */
export function writeFields(fields: Fields, values: Readonly<Record<string, unknown>>): FlagValues {
  const written = Object.entries(fields).flatMap(([name, field]) =>
    values[name] === undefined ? [] : Object.entries(field.write(values[name])),
  );
  return Object.fromEntries<FlagValue | undefined>(written);
}

/** A field whose parameter is the value of its one flag. */
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
