/** Judges the tests of a scribe document, as the original did; what could not be read is unknown. */
import { native } from '../../../native/index.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { compareSegments } from '../../kit/versions/segments.ts';
import type { PolicyElement } from '../element.ts';
import type { Candidate } from './candidates.ts';
import type { ScribeDocument, ScribeTest } from './document.ts';
import type { Answers, ScribeObjects } from './objects.ts';

type Truth = boolean | 'unknown' | 'inapplicable';

interface Judged {
  readonly truth: Truth;
  readonly hasTrueResults: boolean;
  readonly results: readonly { readonly result: boolean; readonly identifier: string }[];
  readonly reason: string;
  readonly error?: string;
}

/** Tests behind each other; each takes room on the stack. */
const mostDependencies = 64;

/** Of what a test looked at, so many are named. */
const mostResults = 20;

/** `epoch:version-release`, as rpm has it; a missing epoch is 0. */
function compareEvr(left: string, right: string): number {
  const split = (text: string): readonly [epoch: string, version: string, release: string] => {
    const [, epoch = '0', version = '', release = ''] = /^(?:(\d*):)?([^-]*)(?:-(.*))?$/s.exec(text) ?? [];
    return [epoch, version, release];
  };
  const [a, b] = [split(left), split(right)];
  for (const index of [0, 1, 2] as const) {
    const order = compareSegments(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

type Test = (candidate: Candidate) => boolean;

/** @throws CodedError bad-operation, bad-pattern */
function toEvrTest({ operation, value = '' }: NonNullable<ScribeTest['evr']>): Test {
  const accepts: Readonly<Record<string, (order: number) => boolean>> = {
    '<': (order) => order < 0,
    '>': (order) => order > 0,
    '=': (order) => order === 0,
  };
  const accept = accepts[operation ?? ''];
  if (accept === undefined)
    throw new CodedError('bad-operation', `expected evr with <, > or =, got ${JSON.stringify(operation ?? '')}`);
  return ({ element, value: found }) => accept(element?.order('version', value) ?? compareEvr(found, value));
}

/** The first evaluator that has a value; without one, every candidate is true. @throws CodedError */
function toTest({ evr, regexp, exactmatch }: ScribeTest): Test {
  if ((evr?.value ?? '') !== '') return toEvrTest(evr ?? {});
  if ((regexp?.value ?? '') !== '') {
    const fits = native().compilePattern(regexp?.value ?? '');
    return ({ value }) => fits(Buffer.from(value));
  }
  if ((exactmatch?.value ?? '') !== '') return ({ value }) => value === exactmatch?.value;
  return () => true;
}

export class ScribeEvaluator {
  readonly #objects: ScribeObjects;
  readonly #answers: Answers;
  readonly #tests: ReadonlyMap<string, ScribeTest>;
  readonly #judged = new Map<string, Judged>();

  constructor({ tests }: ScribeDocument, objects: ScribeObjects, answers: Answers) {
    this.#objects = objects;
    this.#answers = answers;
    this.#tests = new Map([...tests].reverse().map((test) => [test.test, test]));
  }

  evaluate(test: ScribeTest): PolicyElement {
    return toElement(test, this.#judge(test, new Set()));
  }

  /** @param above tests that wait for this one. */
  #judge(test: ScribeTest, above: ReadonlySet<string>): Judged {
    const known = this.#judged.get(test.test);
    // Of several tests of one name, others refer to the first.
    const isFirst = this.#tests.get(test.test) === test;
    if (known !== undefined && isFirst) return known;
    const judged = this.#judgeAnew(test, new Set([...above, test.test]));
    if (isFirst) this.#judged.set(test.test, judged);
    return judged;
  }

  #judgeAnew(test: ScribeTest, above: ReadonlySet<string>): Judged {
    const required: Truth[] = [];
    for (const id of test.if ?? []) {
      const dependency = this.#tests.get(id);
      if (dependency === undefined || above.has(id)) return toFailed(`a test depends on itself: ${id}`);
      if (above.size > mostDependencies) return toFailed(`more than ${mostDependencies} tests depend on each other`);
      const judged = this.#judge(dependency, above);
      if (judged.error !== undefined) return toFailed(`a test dependency failed: ${id}`);
      required.push(judged.truth);
    }
    try {
      return this.#decide(test, required);
    } catch (error) {
      if (error instanceof CodedError && (error.code === 'bad-pattern' || error.code === 'bad-operation'))
        return toFailed(error.message);
      throw error;
    }
  }

  /** @throws CodedError bad-operation, bad-pattern */
  #decide(test: ScribeTest, required: readonly Truth[]): Judged {
    const isTrue = toTest(test);
    const { list, doubts, failure, isInapplicable } = this.#objects.find(test.object, this.#answers);
    const results = list.map((candidate) => ({ result: isTrue(candidate), identifier: candidate.identifier }));
    const hasTrueResults = results.some(({ result }) => result);
    const judged = { hasTrueResults, results };
    if (required.includes(false)) return { ...judged, truth: false, reason: 'a test that it depends on is false' };
    if (isInapplicable === true || required.includes('inapplicable'))
      return { ...judged, truth: 'inapplicable', reason: 'not about this machine' };
    const isDoubtful = failure !== null || doubts.size > 0;
    const why = failure === null ? `not all was read: ${[...doubts].join(', ')}` : 'the search failed';
    if (!hasTrueResults)
      return { ...judged, truth: isDoubtful ? 'unknown' : false, reason: isDoubtful ? why : 'no candidate is true' };
    if (required.includes('unknown'))
      return { ...judged, truth: 'unknown', reason: 'a test that it depends on is unknown' };
    return { ...judged, truth: true, reason: 'a candidate is true' };
  }
}

function toFailed(error: string): Judged {
  return { truth: 'unknown', hasTrueResults: false, results: [], reason: 'error', error };
}

function toVerdict(
  { truth, error }: Judged,
  { expectedresult = false, expecterror = false }: ScribeTest,
): PolicyElement['verdict'] {
  if (error !== undefined) return expecterror ? 'pass' : 'unknown';
  if (truth === 'unknown') return 'unknown';
  if (truth === 'inapplicable') return 'notapplicable';
  return truth === expectedresult && !expecterror ? 'pass' : 'fail';
}

/** The members have the names of the original. */
function toElement(test: ScribeTest, judged: Judged): PolicyElement {
  const { truth, hasTrueResults, results, reason, error } = judged;
  const tags = (test.tags ?? []).map(({ key = '', value = '' }) => ({ key, value }));
  return {
    testid: test.test,
    verdict: toVerdict(judged, test),
    ...((test.name ?? '') === '' ? {} : { name: test.name }),
    reason,
    ...((test.description ?? '') === '' ? {} : { description: test.description }),
    ...(tags.length === 0 ? {} : { tags }),
    iserror: error !== undefined,
    ...(error === undefined ? {} : { error }),
    masterresult: truth === true,
    hastrueresults: hasTrueResults,
    ...(results.length === 0
      ? {}
      : { results: [...results].sort((a, b) => Number(b.result) - Number(a.result)).slice(0, mostResults) }),
  };
}
