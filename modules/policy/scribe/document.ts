/** Documents of the original's module scribe, as they are. */
import * as z from 'zod';
import { CodedError } from '../../../protocol/base/coded-error.ts';

const mostCharacters = 16 * 1024;
const text = z.string().max(mostCharacters);
/** A variable full of others would grow without end. */
const mostExpanded = 4 * mostCharacters;
const mostExpandedOfAll = 16 * 1024 * 1024;
const most = 20_000;

const located = { path: text.min(1), file: text.min(1) };
const FileContent = z.strictObject({
  ...located,
  expression: text.min(1),
  concat: text.optional(),
  'import-chain': z.array(text).max(64).nullish(),
});
const HasLine = z.strictObject({ ...located, expression: text.min(1) });
const FileName = z.strictObject(located);
const Package = z.strictObject({
  name: text.min(1),
  collectmatch: text.optional(),
  onlynewest: z.boolean().optional(),
});
export type ScribePackage = z.infer<typeof Package>;
const Raw = z.strictObject({
  identifiers: z.array(z.strictObject({ identifier: text, value: text })).max(1000),
});

const ScribeObject = z.strictObject({
  object: text,
  filecontent: FileContent.optional(),
  filename: FileName.optional(),
  package: Package.optional(),
  raw: Raw.optional(),
  hasline: HasLine.optional(),
});
export type ScribeObject = z.infer<typeof ScribeObject>;

const Value = z.strictObject({ value: text.optional() });
const ScribeTest = z.strictObject({
  test: text.min(1),
  name: text.optional(),
  object: text,
  description: text.optional(),
  evr: z.strictObject({ operation: text.optional(), value: text.optional() }).optional(),
  regexp: Value.optional(),
  exactmatch: Value.optional(),
  tags: z
    .array(z.strictObject({ key: text.optional(), value: text.optional() }))
    .max(256)
    .nullish(),
  if: z.array(text).max(256).nullish(),
  expectedresult: z.boolean().optional(),
  expecterror: z.boolean().optional(),
});
export type ScribeTest = z.infer<typeof ScribeTest>;

const Document = z.strictObject({
  variables: z
    .array(z.strictObject({ key: text, value: text }))
    .max(1000)
    .nullish(),
  objects: z.array(ScribeObject).max(most).nullish(),
  tests: z.array(ScribeTest).max(most),
});
export type ScribeDocument = z.infer<typeof Document>;

/** Of several objects with one name, the first counts. */
export function objectsByName({ objects }: ScribeDocument): ReadonlyMap<string, ScribeObject> {
  const byName = new Map<string, ScribeObject>();
  for (const object of objects ?? []) if (!byName.has(object.object)) byName.set(object.object, object);
  return byName;
}

function isTest(ids: ReadonlySet<string>, { test, if: required }: ScribeTest): boolean {
  return (required ?? []).every((id) => ids.has(id) && id !== test);
}

export const ScribeDocument = Document.superRefine((document, context) => {
  const objects = objectsByName(document);
  const ids = new Set(document.tests.map(({ test }) => test));
  const tell = (message: string, path: PropertyKey[]): void => context.addIssue({ code: 'custom', message, path });
  for (const [index, test] of document.tests.entries()) {
    if (!objects.has(test.object))
      tell(`expected an object of this document, got ${test.object}`, ['tests', index, 'object']);
    if (!isTest(ids, test)) tell('expected other tests of this document', ['tests', index, 'if']);
  }
  const long = findLongText(document);
  if (long !== undefined) tell(long, ['variables']);
  for (const [index, { filecontent }] of (document.objects ?? []).entries())
    for (const name of filecontent?.['import-chain'] ?? [])
      if (!objects.has(name))
        tell(`expected an object of this document, got ${name}`, ['objects', index, 'filecontent']);
});

/** `${key}`; those of a chain stay. Variables may have others in them. @throws CodedError variable-too-long */
export function expandVariables({ variables }: Pick<ScribeDocument, 'variables'>, written: string): string {
  let made = written;
  for (const { key, value } of variables ?? []) {
    const parts = made.includes('${') ? made.split(`\${${key}}`) : [made];
    if (made.length + (parts.length - 1) * value.length > mostExpanded)
      throw new CodedError('variable-too-long', `expected at most ${mostExpanded} characters with variable ${key}`);
    made = parts.join(value);
  }
  return made;
}

/** Texts of an object that may have variables. */
function textsOf({ filecontent, filename, hasline, package: wanted }: ScribeObject): string[] {
  const files = [filecontent, filename, hasline].flatMap((one) => (one === undefined ? [] : [one.path, one.file]));
  return wanted === undefined ? files : [...files, wanted.name];
}

/** What is wrong with the variables in objects. */
function findLongText(document: ScribeDocument): string | undefined {
  try {
    const lengths = (document.objects ?? []).flatMap(textsOf).map((one) => expandVariables(document, one).length);
    const sum = lengths.reduce((all, length) => all + length, 0);
    return sum > mostExpandedOfAll
      ? `expected at most ${mostExpandedOfAll} characters with all variables, got ${sum}`
      : undefined;
  } catch (error) {
    if (error instanceof CodedError && error.code === 'variable-too-long') return error.message;
    throw error;
  }
}

/** The members of an object, by which it finds something. */
const finders: readonly string[] = ['filecontent', 'filename', 'package', 'raw', 'hasline'];

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** The shipped documents have every member, and `{}` for those that say nothing. */
function withoutEmpty(object: unknown): unknown {
  if (typeof object !== 'object' || object === null) return object;
  return Object.fromEntries(
    Object.entries(object).filter(([name, member]) => !(finders.includes(name) && isEmptyObject(member))),
  );
}

const WithObjects = z.looseObject({ objects: z.array(z.unknown()) });

/** The same document without members that say nothing. */
export function toPlainScribe(value: unknown): unknown {
  const { data } = WithObjects.safeParse(value);
  return data === undefined ? value : { ...data, objects: data.objects.map(withoutEmpty) };
}
