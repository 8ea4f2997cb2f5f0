/** A document in words, for those who sign it and those whose machine answers it. */
import { plural } from '../../protocol/base/plural.ts';
import { type Expression, objectOf } from './document/expression.ts';
import type { PolicyDocument, PolicyTest } from './document/policy-document.ts';

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
export function describeDocument(document: PolicyDocument): string[] {
  const { name, description, applies, tests } = document;
  return [
    `${name}, ${plural(tests.length, 'test', 'tests')}${description === undefined ? '' : `: ${description}`}`,
    ...(applies === undefined ? [] : [`applies where ${toExpressionText(document, applies)}`]),
    ...tests.map((test) => toTestText(document, test)),
  ];
}

/** All that the document says of a test. */
export function explainTest(document: PolicyDocument, test: PolicyTest): string[] {
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
