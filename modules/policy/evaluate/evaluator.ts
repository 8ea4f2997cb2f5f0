/** Judges the tests of a document by the answers to its searches. */
import type { InnerAnswer } from '../../kit/inner/inner-question.ts';
import { type Expression, objectOf, walkExpression } from '../document/expression.ts';
import type { PolicyDocument, PolicyTest } from '../document/policy-document.ts';
import { judgeSearch } from './judge-search.ts';
import type { DocumentObjects } from './objects.ts';
import { allOf, anyOf, type Judged, negate } from './truth.ts';

type Verdict = 'pass' | 'fail' | 'unknown' | 'notapplicable';

const verdictOf = { true: 'pass', false: 'fail', unknown: 'unknown', inapplicable: 'notapplicable' } as const;

export interface TestVerdict {
  readonly test: PolicyTest;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly found: readonly string[];
}

type Ask = (places: Iterable<number>) => Promise<ReadonlyMap<number, InnerAnswer>>;

export class Evaluator {
  readonly #document: PolicyDocument;
  readonly #objects: DocumentObjects;
  readonly #ask: Ask;
  readonly #tests: ReadonlyMap<string, PolicyTest>;
  readonly #answers = new Map<number, InnerAnswer>();
  readonly #judged = new Map<string, Judged>();

  constructor(document: PolicyDocument, objects: DocumentObjects, ask: Ask) {
    this.#document = document;
    this.#objects = objects;
    this.#ask = ask;
    this.#tests = new Map(document.tests.map((test) => [test.id, test]));
  }

  /** In the order of the document. Searches of tests that do not apply here are not asked. */
  async evaluate(): Promise<TestVerdict[]> {
    const { applies, tests } = this.#document;
    await this.#load([applies, ...tests.map((test) => test.applies)]);
    const general = applies === undefined ? undefined : toApplicable(this.#judge(applies));
    if (general !== undefined && general.truth !== 'true') return tests.map((test) => toVerdict(test, general));
    const applicable = tests.filter((test) => {
      const own = test.applies === undefined ? undefined : toApplicable(this.#judge(test.applies));
      return own === undefined || own.truth === 'true';
    });
    await this.#load(applicable.map(({ check }) => check));
    return tests.map((test) => toVerdict(test, this.#judgeTest(test)));
  }

  /** Asks what expressions need, those of the tests that they refer to included. */
  async #load(expressions: readonly (Expression | undefined)[]): Promise<void> {
    const places = new Set<number>();
    const seen = new Set<string>();
    const waiting = expressions.flatMap((one) => one ?? []);
    for (let expression = waiting.pop(); expression !== undefined; expression = waiting.pop())
      for (const one of walkExpression(expression)) {
        const reference = objectOf(one);
        const place = reference === undefined ? undefined : this.#objects.placeOf(reference);
        if (place !== undefined && !this.#answers.has(place)) places.add(place);
        if (one.test === undefined || seen.has(one.test)) continue;
        seen.add(one.test);
        const { applies, check } = this.#tests.get(one.test) ?? {};
        waiting.push(...[applies, check].flatMap((part) => part ?? []));
      }
    for (const [place, answer] of await this.#ask([...places].sort((left, right) => left - right)))
      this.#answers.set(place, answer);
  }

  #judgeTest(test: PolicyTest): Judged {
    const known = this.#judged.get(test.id);
    if (known !== undefined) return known;
    const own = test.applies === undefined ? undefined : toApplicable(this.#judge(test.applies));
    const judged = own === undefined || own.truth === 'true' ? this.#judge(test.check) : own;
    this.#judged.set(test.id, judged);
    return judged;
  }

  #judge(expression: Expression): Judged {
    const { all, any, none, not, test } = expression;
    if (all !== undefined) return allOf(all.map((one) => this.#judge(one)));
    if (any !== undefined) return anyOf(any.map((one) => this.#judge(one)));
    if (none !== undefined) return negate(anyOf(none.map((one) => this.#judge(one))));
    if (not !== undefined) return negate(this.#judge(not));
    if (test !== undefined) return this.#judgeReference(test);
    const reference = objectOf(expression);
    const answer = reference === undefined ? undefined : this.#answers.get(this.#objects.placeOf(reference) ?? -1);
    // A stopped operation has no answers to what it did not ask any more.
    if (answer === undefined) return { truth: 'unknown', reason: 'not asked', found: [] };
    return judgeSearch(expression, answer);
  }

  #judgeReference(id: string): Judged {
    const test = this.#tests.get(id);
    if (test === undefined) return { truth: 'unknown', reason: 'not asked', found: [] };
    return { ...this.#judgeTest(test), reason: `test ${id}` };
  }
}

/** What does not apply is told as such, whatever it would be. */
function toApplicable(judged: Judged): Judged {
  if (judged.truth === 'true') return judged;
  if (judged.truth === 'unknown') return { ...judged, reason: `whether it applies is unknown: ${judged.reason}` };
  return { truth: 'inapplicable', reason: 'does not apply here', found: [] };
}

function toVerdict(test: PolicyTest, { truth, reason, found }: Judged): TestVerdict {
  return { test, verdict: verdictOf[truth], reason, found };
}
