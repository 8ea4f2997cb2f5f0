/** Translates searches for the reader of journal files. */
import type { JournalSearch } from '../../../native/index.ts';
import { splitNegation } from '../../kit/pattern.ts';
import type { By } from '../question/by.ts';
import { parseFieldTest } from '../question/field-test.ts';
import { toPriorityNumber } from '../question/priorities.ts';
import type { SearchPlan } from '../search-plan.ts';

type JournalTest = JournalSearch['tests'][number];

/** What processes of a unit write, and what systemd writes of it. @see systemd.journal-fields(7) */
const unitFields = ['_SYSTEMD_UNIT', 'UNIT'];
const fieldNames: ReadonlyMap<string, string> = new Map([
  ['unit', '_SYSTEMD_UNIT'],
  ['identifier', 'SYSLOG_IDENTIFIER'],
  ['priority', 'PRIORITY'],
]);

function being(fields: readonly string[], values: readonly string[], invert = false): JournalTest {
  return { fields, value: { kind: 'values', values }, invert };
}

function matching(field: string, pattern: string, invert: boolean): JournalTest {
  return { fields: [field], value: { kind: 'pattern', pattern }, invert };
}

/** Several values of one field are alternatives. */
function toFieldTests(texts: readonly string[]): JournalTest[] {
  const wanted = new Map<string, string[]>();
  const tests: JournalTest[] = [];
  for (const text of texts) {
    const test = parseFieldTest(text);
    // The schema has refused it.
    if (typeof test === 'string') throw new Error(test);
    const { name, operator, value } = test;
    if (operator === '=') wanted.set(name, [...(wanted.get(name) ?? []), value]);
    else if (operator === '!=') tests.push(being([name], [value], true));
    else tests.push(matching(name, value, operator === '!~'));
  }
  return [...[...wanted].map(([name, values]) => being([name], values)), ...tests];
}

function toTests({ search }: SearchPlan): JournalTest[] {
  const { units, identifiers, priority, contents = [], fields = [] } = search;
  const urgent = priority === undefined ? [] : Array.from({ length: toPriorityNumber(priority) + 1 }, (_, n) => `${n}`);
  return [
    ...(units === undefined ? [] : [being(unitFields, units)]),
    ...(identifiers === undefined ? [] : [being(['SYSLOG_IDENTIFIER'], identifiers)]),
    ...(priority === undefined ? [] : [being(['PRIORITY'], urgent)]),
    ...toFieldTests(fields),
    ...contents.map(splitNegation).map(({ negated, pattern }) => matching('MESSAGE', pattern, negated)),
  ];
}

function toJournalBy(by: By | undefined, test: number): JournalSearch['by'] {
  if (by === undefined) return null;
  if (by.type === 'capture') return { kind: 'group', test, group: 1 };
  return { kind: 'field', field: fieldNames.get(by.name) ?? by.name };
}

export function toJournalSearch(plan: SearchPlan): JournalSearch {
  const { window, by } = plan;
  const tests = toTests(plan);
  return {
    tests: by?.type === 'capture' ? [...tests, matching('MESSAGE', by.pattern, false)] : tests,
    sinceMs: window.fromMs ?? Number.NEGATIVE_INFINITY,
    untilMs: window.toMs ?? Number.POSITIVE_INFINITY,
    by: toJournalBy(by, tests.length),
    maximumValues: plan.mostValues,
  };
}
