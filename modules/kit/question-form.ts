/** Builds the schema of a module's parameters from its fields, and converts between flags and parameters. */
import * as z from 'zod';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { type Field, type Fields, readFields, toShape, writeFields } from './field.ts';
import { description } from './fields.ts';
import type { Flag, FlagValues } from './flag.ts';
import { strictShape } from './strict-shape.ts';

const mostSearches = 64;
/** The label of the single search that flags describe. */
export const flagSearch = 's1';

/** An error between fields that are valid on their own; undefined without one. */
export type Check<Value> = (value: Value) => string | undefined;

/** The schema with the checks between fields. */
export function checked<Schema extends z.ZodType>(schema: Schema, check: Check<never> | undefined) {
  return schema.superRefine((value, context) => {
    const message = (check as Check<unknown> | undefined)?.(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

function hasValue(given: unknown): boolean {
  return Array.isArray(given) ? given.length > 0 : given !== undefined;
}

/** Refuses an empty question. @param names fields of which one must have a value. */
export function oneOf(names: readonly string[]): Check<Readonly<Record<string, unknown>>> {
  return (given) =>
    names.some((name) => hasValue(given[name]))
      ? undefined
      : `expected at least one value in ${names.join(', ')}, got none`;
}

function searchSchema<Search extends Fields, Options extends Fields>(search: Search, options: Options) {
  return strictShape({
    ...toShape({ description }),
    ...toShape(search),
    options: strictShape(toShape(options)).prefault({} as never),
  });
}

/** One search of a question. */
export type SearchOf<Search extends Fields, Options extends Fields> = z.output<
  ReturnType<typeof searchSchema<Search, Options>>
>;

/** Up to 64 searches by label, each with its filters and its `options`. */
export function searchesSchema<Search extends Fields, Options extends Fields>(
  search: Search,
  options: Options,
  checks: readonly Check<never>[],
) {
  const schema = checks.reduce((one, check) => checked(one, check), searchSchema(search, options));
  return z
    .record(z.string().min(1).max(64), schema)
    .refine((searches) => Object.keys(searches).length >= 1 && Object.keys(searches).length <= mostSearches, {
      error: `expected 1 to ${mostSearches} searches`,
    });
}

/** The position of a question's fields. */
export interface QuestionForm {
  readonly question: Fields;
  /** Null when a question has no searches. */
  readonly search: Fields | null;
  readonly options: Fields;
  /** One of these fields must have a value. */
  readonly needsOne: readonly string[];
}

function fieldsOf({ question, search, options }: QuestionForm): Fields {
  return { ...question, ...(search === null ? {} : { ...search, description }), ...options };
}

/** Filters first, then search options, then the purpose. */
export function flagsOf(form: QuestionForm): Flag[] {
  const { description: last, ...fields } = fieldsOf(form);
  const all = [form.search ?? {}, form.options, form.question].flatMap((some) => Object.keys(some));
  const ordered = [...new Set(all)].flatMap((name) => (fields[name] === undefined ? [] : [fields[name]]));
  return [...ordered, ...(last === undefined ? [] : [last])].flatMap(({ flags }: Field) => flags);
}

/** The flag of an issue: `searches.s1.sizes.0` is `-size: `; empty for an issue of several flags. */
function toFlagPrefix(path: readonly PropertyKey[], fields: Fields): string {
  const names = path.filter((part) => typeof part === 'string' && Object.hasOwn(fields, part));
  const flag = fields[String(names.at(-1))]?.flags[0];
  return flag === undefined ? '' : `-${flag.name}: `;
}

/** @throws CodedError usage, with one line for each problem, each with its flag in front. */
export function toParameters<Parameters>(
  name: string,
  form: QuestionForm,
  schema: z.ZodType<Parameters>,
  given: FlagValues,
): Parameters {
  const hint = `mig ${name} -h shows the flags`;
  const search = form.search === null ? {} : { ...form.search, description };
  const fields = fieldsOf(form);
  const wanted = form.needsOne.flatMap((one) => fields[one]?.flags.map((flag) => flag.name) ?? []);
  if (wanted.length > 0 && !wanted.some((flag) => given[flag] !== undefined)) {
    const flags = wanted.map((flag) => `-${flag}`);
    throw new CodedError('usage', `expected at least one of ${flags.join(' ')}, got none`, { hint });
  }
  const question = {
    ...(form.search === null
      ? {}
      : { searches: { [flagSearch]: { ...readFields(search, given), options: readFields(form.options, given) } } }),
    ...readFields(form.question, given),
  };
  const parsed = schema.safeParse(question);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${toFlagPrefix(path, fields)}${message}`);
  throw new CodedError('usage', lines.join('\n'), { hint });
}

const OneSearch = z.object({
  searches: z.strictObject({ [flagSearch]: z.looseObject({ options: z.record(z.string(), z.unknown()) }) }),
});

/** The equivalent flags; undefined for more than one search. */
export function toFlagValues(form: QuestionForm, parameters: unknown): FlagValues | undefined {
  const question = z.record(z.string(), z.unknown()).parse(parameters);
  const whole = writeFields(form.question, question);
  if (form.search === null) return whole;
  const one = OneSearch.safeParse(question);
  const search = one.data?.searches[flagSearch];
  if (search === undefined) return undefined;
  return {
    ...whole,
    ...writeFields({ ...form.search, description }, search),
    ...writeFields(form.options, search.options),
  };
}
