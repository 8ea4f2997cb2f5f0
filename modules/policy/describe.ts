/** A document in words, for those who sign it and those whose machine answers it. */
import { plural } from '../../protocol/base/plural.ts';
import type { CheckRule } from '../kit/module.ts';
import type { AnyDocument } from './document/document.ts';
import { type Expression, objectOf } from './document/expression.ts';
import type { PolicyDocument, PolicyTest } from './document/policy-document.ts';
import { describeScribe, explainScribe } from './scribe/describe.ts';

function toSearchText(document: PolicyDocument, reference: ReturnType<typeof objectOf>): string {
  const object = typeof reference === 'string' ? document.objects[reference] : reference;
  const [[module, search] = ['nothing', {}]] = Object.entries(object ?? {});
  return `${module} ${JSON.stringify(search)}`;
}

function toListText(document: PolicyDocument, word: string, members: readonly Expression[]): string {
  return `${word} of (${members.map((one) => toExpressionText(document, one)).join('; ')})`;
}

function toExpressionText(document: PolicyDocument, expression: Expression): string {
  const { all, any, none, not, test, missing, count, compare } = expression;
  if (all !== undefined) return toListText(document, 'all', all);
  if (any !== undefined) return toListText(document, 'any', any);
  if (none !== undefined) return toListText(document, 'none', none);
  if (not !== undefined) return `not (${toExpressionText(document, not)})`;
  if (test !== undefined) return `test ${test} passes`;
  const search = toSearchText(document, objectOf(expression));
  if (count !== undefined) return `the number found ${count.is}: ${search}`;
  if (compare !== undefined)
    return `${compare.column} of ${compare.for === 'all' ? 'all' : 'any'} found ${compare.is} as ${compare.as}: ${search}`;
  return `${missing === undefined ? 'found' : 'missing'}: ${search}`;
}

function toTestText(document: PolicyDocument, { id, title, severity, applies, check }: PolicyTest): string {
  const where = applies === undefined ? '' : ` where ${toExpressionText(document, applies)}:`;
  const grade = severity === undefined ? '' : ` (${severity})`;
  return `${id}${grade}: ${title}:${where} ${toExpressionText(document, check)}`;
}

/** A line for the document, and one for each test. */
export function describeDocument(any: AnyDocument): string[] {
  if (any.kind === 'scribe') return describeScribe(any.document);
  const { document } = any;
  const { name, description, applies, tests } = document;
  return [
    `${name}, ${plural(tests.length, 'test', 'tests')}${description === undefined ? '' : `: ${description}`}`,
    ...(applies === undefined ? [] : [`applies where ${toExpressionText(document, applies)}`]),
    ...tests.map((test) => toTestText(document, test)),
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
  const line = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${name}: ${value}`];
  return [
    `${id}: ${title}`,
    ...line('severity', severity),
    ...line('why', why),
    ...line('applies where', document.applies && toExpressionText(document, document.applies)),
    ...line('applies where', applies && toExpressionText(document, applies)),
    ...line('passes where', toExpressionText(document, check)),
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
