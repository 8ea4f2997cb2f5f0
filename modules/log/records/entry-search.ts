/** One search on entries with fields. */
import { native } from '../../../native/index.ts';
import { splitNegation } from '../../kit/pattern.ts';
import type { Tally } from '../count/tally.ts';
import type { ValueJudge } from '../count/value-judge.ts';
import { parseFieldTest } from '../question/field-test.ts';
import { isInWindow } from '../question/moment.ts';
import type { SearchPlan } from '../search-plan.ts';
import type { Entry } from './entry.ts';

type Test = (entry: Entry) => boolean;

/** Whether one of the texts matches. */
function toPatternTest(pattern: string): (texts: readonly string[]) => boolean {
  const matches = native().compilePattern(pattern);
  return (texts) => texts.some((text) => matches(Buffer.from(text, 'latin1')));
}

/** Tests with `=` on one field are alternatives. A field with several values has each of them. */
function toFieldTests(texts: readonly string[]): Test[] {
  const wanted = new Map<string, Set<string>>();
  const tests: Test[] = [];
  for (const text of texts) {
    const test = parseFieldTest(text);
    // The schema has refused it.
    if (typeof test === 'string') throw new Error(test);
    const { name, operator, value } = test;
    const latin1 = Buffer.from(value).toString('latin1');
    if (operator === '=') wanted.set(name, (wanted.get(name) ?? new Set()).add(latin1));
    else if (operator === '!=') tests.push(({ fields }) => fields.get(name)?.includes(latin1) !== true);
    else {
      const matches = toPatternTest(value);
      const isWanted = operator === '~';
      tests.push(({ fields }) => matches(fields.get(name) ?? []) === isWanted);
    }
  }
  for (const [name, values] of wanted)
    tests.push(({ fields }) => fields.get(name)?.some((value) => values.has(value)) === true);
  return tests;
}

function toContentTests(texts: readonly string[]): Test[] {
  return texts.map((text) => {
    const { negated, pattern } = splitNegation(text);
    const matches = toPatternTest(pattern);
    return ({ lines = [] }) => matches(lines) !== negated;
  });
}

export class EntrySearch {
  /** Entries without a time, where one was asked for. */
  undated = 0;
  readonly #tests: readonly Test[];
  readonly #plan: Pick<SearchPlan, 'window' | 'by'>;
  readonly #tally: Tally;
  readonly #judge: ValueJudge;

  /** @param fields conditions on them. */
  constructor(fields: readonly string[], plan: SearchPlan, tally: Tally, judge: ValueJudge) {
    this.#tests = [...toFieldTests(fields), ...toContentTests(plan.search.contents ?? [])];
    this.#plan = plan;
    this.#tally = tally;
    this.#judge = judge;
  }

  take(entry: Entry, path: string): void {
    if (!this.#tests.every((test) => test(entry))) return;
    const { timeMs, fields } = entry;
    const { window, by } = this.#plan;
    if (timeMs === null && (window.fromMs !== null || window.toMs !== null)) {
      this.undated += 1;
      return;
    }
    if (timeMs !== null && !isInWindow(window, timeMs)) return;
    const span = { count: 1, firstMs: timeMs, lastMs: timeMs };
    this.#tally.add(path, span);
    if (by?.type !== 'field') return;
    const told = (fields.get(by.name) ?? []).map((value) => this.#judge.judge(by.kind, value));
    for (const value of new Set(told)) this.#tally.addValue(value, span);
  }
}
