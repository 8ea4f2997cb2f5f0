/** A document in words, for those who sign it and those whose machine answers it. */
import { plural } from '../../protocol/base/plural.ts';
import type { CheckRule } from '../kit/module.ts';
import type { AnyDocument } from './document/document.ts';
import { type Expression, objectOf, type SearchObject } from './document/expression.ts';
import type { PolicyDocument, PolicyTest } from './document/policy-document.ts';
import { describeScribe, explainScribe } from './scribe/describe.ts';

type ToSearchText = (reference: ReturnType<typeof objectOf>) => string;

function toObjectText(object: SearchObject | undefined): string {
  const [[module, search] = ['nothing', {}]] = Object.entries(object ?? {});
  return `${module} ${JSON.stringify(search)}`;
}

/** Objects with all that they ask. */
function inFull({ objects }: PolicyDocument): ToSearchText {
  return (reference) => toObjectText(typeof reference === 'string' ? objects[reference] : reference);
}

/** Objects with names have lines of their own: a large one may stand in each test. */
const byName: ToSearchText = (reference) =>
  typeof reference === 'string' ? `object ${reference}` : toObjectText(reference);

function toListText(toSearchText: ToSearchText, word: string, members: readonly Expression[]): string {
  return `${word} of (${members.map((one) => toExpressionText(toSearchText, one)).join('; ')})`;
}

function toExpressionText(toSearchText: ToSearchText, expression: Expression): string {
  const { all, any, none, not, test, missing, count, compare } = expression;
  if (all !== undefined) return toListText(toSearchText, 'all', all);
  if (any !== undefined) return toListText(toSearchText, 'any', any);
  if (none !== undefined) return toListText(toSearchText, 'none', none);
  if (not !== undefined) return `not (${toExpressionText(toSearchText, not)})`;
  if (test !== undefined) return `test ${test} passes`;
  const search = toSearchText(objectOf(expression));
  if (count !== undefined) return `the number found ${count.is}: ${search}`;
  if (compare !== undefined)
    return `${compare.column} of ${compare.for === 'all' ? 'all' : 'any'} found ${compare.is} as ${compare.as}: ${search}`;
  return `${missing === undefined ? 'found' : 'missing'}: ${search}`;
}

function toTestText({ id, title, severity, applies, check }: PolicyTest): string {
  const where = applies === undefined ? '' : ` where ${toExpressionText(byName, applies)}:`;
  const grade = severity === undefined ? '' : ` (${severity})`;
  return `${id}${grade}: ${title}:${where} ${toExpressionText(byName, check)}`;
}

/** A line for the document, and one for each test and each object that has a name. */
export function describeDocument(any: AnyDocument): string[] {
  if (any.kind === 'scribe') return describeScribe(any.document);
  const { document } = any;
  const { name, description, applies, objects, tests } = document;
  return [
    `${name}, ${plural(tests.length, 'test', 'tests')}${description === undefined ? '' : `: ${description}`}`,
    ...(applies === undefined ? [] : [`applies where ${toExpressionText(byName, applies)}`]),
    ...tests.map(toTestText),
    ...Object.entries(objects).map(([object, asked]) => `object ${object}: ${toObjectText(asked)}`),
  ];
}

/** All that the document says of a test; undefined when it has none of that name. */
export function explainTest({ kind, document }: AnyDocument, id: string): string[] | undefined {
  if (kind === 'policy') {
    const test = document.tests.find((one) => one.id === id);
    return test === undefined ? undefined : explainPolicyTest(document, test);
  }
  const test = document.tests.find((one) => one.test === id);
  return test === undefined ? undefined : explainScribe(document, test);
}

/** `kernel-log: only root reads the log of the kernel` of each test. */
export function listTests({ kind, document }: AnyDocument): string[] {
  return kind === 'policy'
    ? document.tests.map(({ id, title }) => `${id}: ${title}`)
    : document.tests.map(({ test, name = '' }) => (name === '' ? test : `${test}: ${name}`));
}

function explainPolicyTest(document: PolicyDocument, test: PolicyTest): string[] {
  const { id, title, severity, why, fix, references = [], tags = [], applies, check } = test;
  const toSearchText = inFull(document);
  const line = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${name}: ${value}`];
  return [
    `${id}: ${title}`,
    ...line('severity', severity),
    ...line('why', why),
    ...line('applies where', document.applies && toExpressionText(toSearchText, document.applies)),
    ...line('applies where', applies && toExpressionText(toSearchText, applies)),
    ...line('passes where', toExpressionText(toSearchText, check)),
    ...line('fix', fix),
    ...references.flatMap((reference) => line('see', reference)),
    ...(tags.length === 0 ? [] : line('tags', tags.join(', '))),
  ];
}

/** What is said of each test beside its verdict. */
export function rulesOf({ kind, document }: AnyDocument): CheckRule[] {
  return kind === 'policy'
    ? document.tests.map(({ id, title, severity, why, fix, references }) => ({
        id,
        title,
        severity,
        why,
        fix,
        references,
      }))
    : document.tests.map(({ test, name = '', description }) => ({
        id: test,
        title: name === '' ? test : name,
        why: description,
      }));
}
