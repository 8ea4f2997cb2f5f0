/** A document of tests, version 2: what each test asks of a host, why, and how to mend it. */
import * as z from 'zod';
import { Expression, objectOf, SearchObject, TestId, walkExpression } from './expression.ts';

const text = z.string().max(4096);
const mostTests = 20_000;
/** No person follows more. */
const mostReferences = 64;

export const severities = ['low', 'medium', 'high', 'critical'] as const;

const Test = z.strictObject({
  id: TestId,
  title: z.string().min(1).max(512),
  severity: z.enum(severities).optional(),
  /** Why it matters. */
  why: text.optional(),
  /** How to mend it. */
  fix: text.optional(),
  references: z.array(z.string().max(1024)).max(64).optional(),
  tags: z.array(z.string().max(128)).max(64).optional(),
  /** Where it is false, the test is not applicable. */
  applies: Expression.optional(),
  check: Expression,
});
export type PolicyTest = z.infer<typeof Test>;

const Document = z.strictObject({
  version: z.literal(2),
  name: z.string().min(1).max(512),
  description: text.optional(),
  /** Searches by name, for several tests. */
  objects: z.record(TestId, SearchObject).default({}),
  /** Where it is false, no test is applicable. */
  applies: Expression.optional(),
  tests: z.array(Test).min(1).max(mostTests),
});
export type PolicyDocument = z.infer<typeof Document>;

type Fault = (message: string, path: PropertyKey[]) => void;

function expressionsOf({ applies, tests }: PolicyDocument): { expression: Expression; path: PropertyKey[] }[] {
  return [
    ...(applies === undefined ? [] : [{ expression: applies, path: ['applies'] }]),
    ...tests.flatMap((test, index) => [
      ...(test.applies === undefined ? [] : [{ expression: test.applies, path: ['tests', index, 'applies'] }]),
      { expression: test.check, path: ['tests', index, 'check'] },
    ]),
  ];
}

function checkNames(document: PolicyDocument, tell: Fault): void {
  const ids = new Set<string>();
  for (const [index, { id }] of document.tests.entries()) {
    if (ids.has(id)) tell(`expected each id once, got ${JSON.stringify(id)} twice`, ['tests', index, 'id']);
    ids.add(id);
  }
  const used = new Set<string>();
  for (const { expression, path } of expressionsOf(document))
    for (const one of walkExpression(expression)) {
      const object = objectOf(one);
      if (typeof object === 'string') {
        used.add(object);
        if (!Object.hasOwn(document.objects, object)) tell(`expected an object of this document, got ${object}`, path);
      }
      if (one.test !== undefined && !ids.has(one.test)) tell(`expected a test of this document, got ${one.test}`, path);
    }
  for (const name of Object.keys(document.objects))
    if (!used.has(name)) tell('expected an object that a test uses', ['objects', name]);
}

/** Tests that a test refers to. */
function referencesOf({ applies, check }: PolicyTest): string[] {
  return [applies, check].flatMap((expression) =>
    expression === undefined ? [] : [...walkExpression(expression)].flatMap(({ test }) => test ?? []),
  );
}

/** A test, those that it refers to and that are not looked at yet, and how many refer to each other below it. */
interface Step {
  readonly id: string;
  readonly left: string[];
  height: number;
}

/** What is wrong with references between tests: a circle, or too many behind each other. Depth first, without recursion. */
function findReferenceFault({ tests }: PolicyDocument): string | undefined {
  const byId = new Map(tests.map((test) => [test.id, test]));
  const heights = new Map<string, number>();
  const open = new Map<string, Step>();
  for (const { id: first } of tests) {
    const path: Step[] = [];
    const enter = (id: string): void => {
      const test = byId.get(id);
      const step = { id, left: test === undefined ? [] : referencesOf(test), height: 0 };
      path.push(step);
      open.set(id, step);
    };
    if (!heights.has(first)) enter(first);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        path.pop();
        open.delete(top.id);
        heights.set(top.id, top.height);
        const above = path.at(-1);
        if (above !== undefined) above.height = Math.max(above.height, top.height + 1);
        continue;
      }
      const height = heights.get(next);
      if (open.has(next)) return `expected tests that do not refer to themselves, got ${next}`;
      if (height === undefined) enter(next);
      else top.height = Math.max(top.height, height + 1);
      if (path.length + (height ?? 0) > mostReferences)
        return `expected at most ${mostReferences} tests that refer to each other in a row, got more at ${next}`;
    }
  }
  return undefined;
}

export const PolicyDocument = Document.superRefine((document, context) => {
  const tell: Fault = (message, path) => context.addIssue({ code: 'custom', message, path });
  checkNames(document, tell);
  const fault = findReferenceFault(document);
  if (fault !== undefined) tell(fault, ['tests']);
});
