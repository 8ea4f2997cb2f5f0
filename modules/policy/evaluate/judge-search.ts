/** What the answer to a search says about an expression. */
import { native } from '../../../native/index.ts';
import type { InnerAnswer, InnerElement } from '../../kit/inner/inner-question.ts';
import { type ComparedType, type Comparison, holds, parseComparison } from '../document/comparison.ts';
import type { Expression } from '../document/expression.ts';
import type { Judged, Truth } from './truth.ts';

/** Of what was found, these are named. */
const mostNamed = 20;

function nameAll(elements: readonly InnerElement[]): string[] {
  const names = elements.slice(0, mostNamed).map((element) => element.toLine());
  return elements.length > mostNamed ? [...names, `and ${elements.length - mostNamed} more`] : names;
}

/** Undefined when the search looked at all that it is about. */
function doubtIn({ doubts, failure }: InnerAnswer): Judged | undefined {
  if (doubts.has('inapplicable')) return { truth: 'inapplicable', reason: 'nothing here that it is about', found: [] };
  if (failure !== null) return { truth: 'unknown', reason: 'the search failed', found: [failure] };
  const reasons = [...doubts].filter((doubt) => doubt !== 'match-limit');
  return reasons.length === 0
    ? undefined
    : { truth: 'unknown', reason: `not all was read: ${reasons.join(', ')}`, found: [] };
}

function judgeFound(answer: InnerAnswer, wanted: boolean): Judged {
  const { elements } = answer;
  if (elements.length > 0) return { truth: wanted ? 'true' : 'false', reason: 'found', found: nameAll(elements) };
  return doubtIn(answer) ?? { truth: wanted ? 'false' : 'true', reason: 'not found', found: [] };
}

function toTruth(holding: boolean | undefined): Truth {
  return holding === undefined ? 'unknown' : holding ? 'true' : 'false';
}

/** No host has as many things. */
const mostCounted = 10 ** 14;

/** A count that is cut short may be larger: it decides where a larger one would decide in the same way. */
function judgeCount(answer: InnerAnswer, comparison: Comparison): Judged {
  const { elements, doubts } = answer;
  const count = elements.length;
  const test = (number: number): boolean => holds(comparison, 'number', String(number), () => false) === true;
  const doubt = doubts.has('match-limit')
    ? ({ truth: 'unknown', reason: 'more may be there: match-limit', found: [] } as const)
    : doubtIn(answer);
  const isMonotone = /^[<>]/.test(comparison.operator);
  if (doubt !== undefined && !(isMonotone && test(count) === test(mostCounted))) return doubt;
  return { truth: toTruth(test(count)), reason: 'counted', found: nameAll(elements) };
}

function toTexts(element: InnerElement, column: string): readonly string[] | undefined {
  const cell = element.toCells()[column];
  if (cell === null || cell === undefined) return undefined;
  return typeof cell === 'object' ? cell : [String(cell)];
}

/** @throws CodedError bad-pattern */
function toMatches({ operator, value }: Comparison): (text: string) => boolean {
  if (!operator.endsWith('~')) return () => false;
  const fits = native().compilePattern(value);
  return (text) => fits(Buffer.from(text));
}

function judgeCompare(
  answer: InnerAnswer,
  comparison: Comparison,
  { as, column, for: wanted }: { readonly as: ComparedType; readonly column: string; readonly for: 'all' | 'any' },
): Judged {
  const matches = toMatches(comparison);
  const judged = answer.elements.map((element) => {
    const texts = toTexts(element, column);
    const truths = texts?.map((text) =>
      toTruth(holds(comparison, as, text, matches, (value) => element.order(column, value))),
    ) ?? ['unknown'];
    // Of a list, one value is enough.
    const truth = (['true', 'unknown', 'false'] as const).find((one) => truths.includes(one)) ?? 'false';
    return { element, truth };
  });
  const deciding = wanted === 'all' ? 'false' : 'true';
  const decisive = judged.filter(({ truth }) => truth === deciding).map(({ element }) => element);
  if (decisive.length > 0) return { truth: deciding, reason: `compared ${column}`, found: nameAll(decisive) };
  const doubt = doubtIn(answer);
  if (doubt !== undefined) return doubt;
  if (answer.doubts.has('match-limit'))
    return { truth: 'unknown', reason: 'more may be there: match-limit', found: [] };
  if (judged.length === 0) return { truth: 'inapplicable', reason: 'found nothing to compare', found: [] };
  const unknown = judged.filter(({ truth }) => truth === 'unknown').map(({ element }) => element);
  if (unknown.length > 0) return { truth: 'unknown', reason: `${column} is not known`, found: nameAll(unknown) };
  return { truth: wanted === 'all' ? 'true' : 'false', reason: `compared ${column}`, found: [] };
}

/** @param expression one about a search. */
export function judgeSearch(
  { found, missing, count, compare }: Pick<Expression, 'found' | 'missing' | 'count' | 'compare'>,
  answer: InnerAnswer,
): Judged {
  if (found !== undefined || missing !== undefined) return judgeFound(answer, found !== undefined);
  const { is, as } =
    count !== undefined ? { is: count.is, as: 'number' as const } : (compare ?? { is: '', as: 'text' as const });
  const comparison = parseComparison(is, as);
  // The schema has refused it.
  if (comparison === undefined) throw new Error(`no comparison: ${is}`);
  return compare === undefined ? judgeCount(answer, comparison) : judgeCompare(answer, comparison, compare);
}
