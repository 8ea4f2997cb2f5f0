/** The kinds of fields. Each defines the flag, its help and the validation of its values. */
import * as z from 'zod';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { parseBytes } from './byte-string.ts';
import { type Disclosure, type Field, type PatternEngine, plainField } from './field.ts';
import type { Flag, FlagValues } from './flag.ts';
import { negatablePatternSchema, patternSchema } from './pattern.ts';

/** Properties of every field. */
interface Said {
  /** Name on the command line, without the dash. */
  readonly flag: string;
  readonly help: string;
  readonly example?: string;
  readonly former?: readonly string[];
}

interface SaidOfList extends Said {
  /** The placeholder of a value in help. */
  readonly value?: string;
  /** Maximum number of values. */
  readonly most?: number;
}

const mostValues = 10_000;
/** No pattern, digest or byte string is longer. */
const mostCharacters = 16_384;
/** The engine counts in 32 bits. */
const mostCount = 2 ** 32 - 1;

function toFlag({ flag, help, example }: Said, kind: Flag['kind'], value?: string): Flag {
  return {
    name: flag,
    kind,
    ...(value === undefined ? {} : { value }),
    help,
    ...(example === undefined ? {} : { example }),
  };
}

function toListSchema<Value extends z.ZodType>({ most = mostValues }: SaidOfList, value: Value) {
  return z.array(value).max(most).optional();
}

function listField<Schema extends z.ZodType>(
  kind: Field['kind'],
  said: SaidOfList,
  value: Schema,
  discloses: Disclosure,
) {
  const schema = toListSchema(said, value);
  const flag: Flag = { ...toFlag(said, 'string', said.value ?? kind), repeatable: true };
  return plainField(kind, schema, flag, { discloses, former: said.former ?? [] });
}

/** A text in a given form; the error names the expected form and the value. */
function textOf(isValid: (text: string) => boolean, expected: string, most = mostCharacters) {
  return z.string().check(
    z.maxLength(most),
    z.refine(isValid, {
      error: ({ input }) => `expected ${expected}, got ${JSON.stringify(String(input).slice(0, 200))}`,
    }),
  );
}

/** RE2 patterns. @param said.negates whether a leading `!` negates. */
export function regexes(
  said: SaidOfList & {
    readonly negates: boolean;
    readonly discloses: Disclosure;
    readonly advice?: NonNullable<Field['advice']>;
    readonly engine?: PatternEngine;
  },
) {
  const field = listField(
    'regex',
    { value: 'regex', ...said },
    said.negates ? negatablePatternSchema : patternSchema,
    said.discloses,
  );
  const { advice, engine = 'text' } = said;
  return { ...field, engine, ...(advice === undefined ? {} : { advice }) };
}

/** Values in a form of the module's own. */
export function values(
  kind: 'address' | 'age' | 'digest' | 'number' | 'path' | 'port' | 'size' | 'text' | 'time',
  said: SaidOfList & {
    readonly isValid: (text: string) => boolean;
    /** `a size such as <10m, >1g or 12345` */
    readonly expected: string;
    readonly discloses: Disclosure;
    readonly mostCharacters?: number;
  },
) {
  return listField(kind, said, textOf(said.isValid, said.expected, said.mostCharacters), said.discloses);
}

/** Values, at least one. */
export function requiredValues(
  kind: 'path' | 'text',
  said: SaidOfList & {
    readonly isValid: (text: string) => boolean;
    readonly expected: string;
    readonly discloses: Disclosure;
    readonly mostCharacters?: number;
  },
) {
  const one = textOf(said.isValid, said.expected, said.mostCharacters);
  const toError = ({ input }: { readonly input?: unknown }): string | undefined =>
    input === undefined ? 'expected at least one, got none' : undefined;
  const schema = z
    .array(one, { error: toError })
    .min(1)
    .max(said.most ?? mostValues);
  const flag: Flag = { ...toFlag(said, 'string', said.value ?? kind), repeatable: true };
  return plainField(kind, schema, flag, { discloses: said.discloses });
}

/** A field of action files only, without a flag. */
export function inFilesOnly<Schema extends z.ZodType>(schema: Schema): Field<Schema> {
  return { kind: 'text', schema, flags: [], discloses: 'nothing', read: () => undefined, write: () => ({}) };
}

/** A text that the investigator's side makes of a file, see `LaptopDocument`: it is no flag. */
export function fromDocument<Schema extends z.ZodType>(name: string, schema: Schema): Field<Schema> {
  return {
    kind: 'text',
    schema,
    flags: [],
    discloses: 'nothing',
    read: (given) => given[name],
    write: (value) => ({ [name]: String(value) }),
  };
}

/** Hex bytes; `??` matches any byte. */
export function byteStrings(said: SaidOfList) {
  const value = textOf((text) => parseBytes(text) !== undefined, 'bytes such as 4d5a??00');
  return listField('bytes', { value: 'hex', ...said }, value, 'content');
}

/** Any of a few words. */
export function choices<const Choices extends readonly [string, ...string[]]>(
  said: SaidOfList & { readonly of: Choices; readonly discloses: Disclosure },
) {
  const { discloses, of, ...rest } = said;
  return listField('choice', { value: 'choice', ...rest, most: of.length }, z.enum(of), discloses);
}

/** One of a few words. */
export function choice<const Choices extends readonly [string, ...string[]]>(
  said: Said & { readonly of: Choices; readonly discloses: Disclosure },
) {
  const flag = toFlag(said, 'string', said.of.join('|'));
  return plainField('choice', z.enum(said.of).optional(), flag, { discloses: said.discloses });
}

/** One text in a form of the module's own, such as an age. */
export function value(
  kind: 'age' | 'size' | 'text' | 'time',
  said: Said & {
    readonly value?: string;
    readonly isValid: (text: string) => boolean;
    readonly expected: string;
    readonly discloses: Disclosure;
  },
) {
  const schema = textOf(said.isValid, said.expected, 256).optional();
  return plainField(kind, schema, toFlag(said, 'string', said.value ?? kind), { discloses: said.discloses });
}

/** Free text for readers of the question. */
export const description = plainField(
  'text',
  z.string().max(2048).optional(),
  { name: 'description', kind: 'string', value: 'text', help: 'Says why, for those who read the action.' },
  { discloses: 'nothing' },
);

/** A whole number with a default. */
export function number(
  said: Said & {
    readonly value: string;
    readonly unit: string;
    readonly fallback: number;
    readonly most?: number;
    readonly discloses?: Disclosure;
  },
) {
  const schema = z
    .int()
    .min(0)
    .max(said.most ?? mostCount)
    .default(said.fallback);
  const flag = toFlag(said, 'number', said.value);
  return plainField('number', schema, flag, { discloses: said.discloses ?? 'nothing', unit: said.unit });
}

/** Several whole numbers. */
export function numbers(said: SaidOfList & { readonly mostValue: number; readonly discloses: Disclosure }) {
  const one = z.int().min(0).max(said.mostValue);
  const plain = listField('number', { value: 'number', ...said }, one, said.discloses);
  return {
    ...plain,
    // A text that is no number is left for the schema to refuse.
    read: (given: FlagValues): unknown => {
      const texts = given[said.flag];
      if (!Array.isArray(texts)) return texts;
      return texts.map((text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : text));
    },
    write: (list: unknown): FlagValues => ({ [said.flag]: (list as readonly number[]).map(String) }),
  };
}

/** The limit of hits, after which a search ends. */
export function matchLimit(hits: string) {
  return number({
    flag: 'matchlimit',
    value: 'hits',
    unit: 'hits',
    fallback: 1000,
    help: `Ends after this many ${hits}, 0 for no limit; 1000 without this flag.`,
  });
}

/** False by default. */
export function onSwitch(said: Said & { readonly discloses?: Disclosure }) {
  const flag = toFlag(said, 'boolean');
  const { discloses = 'nothing', former = [] } = said;
  return plainField('switch', z.boolean().default(false), flag, { discloses, former });
}

/** True, false or absent, which matches either. */
export function triState(said: Said & { readonly discloses: Disclosure }) {
  return plainField('switch', z.boolean().optional(), toFlag(said, 'boolean'), { discloses: said.discloses });
}

/**
 * Whether all filters must match or any. With flags the default is all; in an action file it is any, as in the
 * original.
 */
export function allOrAny(said: { readonly all: string; readonly any: string }): Field<z.ZodDefault<z.ZodBoolean>> {
  return {
    kind: 'switch',
    schema: z.boolean().default(false),
    flags: [
      { name: 'matchall', kind: 'boolean', help: said.all },
      { name: 'matchany', kind: 'boolean', help: said.any },
    ],
    discloses: 'nothing',
    read: ({ matchall, matchany }) => {
      if (matchall === true && matchany === true)
        throw new CodedError('usage', 'expected -matchall or -matchany, got both');
      return matchany !== true && matchall !== false;
    },
    write: (all) => (all === true ? {} : { matchany: true }),
  };
}
