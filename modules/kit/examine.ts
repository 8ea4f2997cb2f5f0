/** Puts a question to a run, whose errors of the question or of this machine fail the answer. */
import * as z from 'zod';
import { native } from '../../native/index.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Findings } from './findings.ts';
import type { Module } from './module.ts';
import { describeRefusedPattern, findRefusedPatterns } from './refused-patterns.ts';
import type { AnyRun, Work } from './work.ts';

/** They are no defects. RE2 decides about patterns. */
const answeredCodes: readonly string[] = ['bad-pattern', 'bad-plan', 'proc-unreadable'];

const Limited = z.object({
  searches: z.record(z.string(), z.object({ options: z.object({ matchlimit: z.number() }) })),
});

/** The match limit of each search; empty when a question has no searches. */
export function toMatchLimits(parameters: unknown): ReadonlyMap<string, number> {
  const searches = Limited.safeParse(parameters).data?.searches ?? {};
  return new Map(Object.entries(searches).map(([label, { options }]) => [label, options.matchlimit]));
}

export function toStopped(signal: AbortSignal): 'time' | 'cancelled' | null {
  if (!signal.aborted) return null;
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError' ? 'time' : 'cancelled';
}

const WithSearches = z.looseObject({ searches: z.record(z.string(), z.unknown()) });

/** The question without the searches whose patterns RE2 refuses, which fail each for itself; null without any left. */
function withoutRefused(module: Module, question: unknown, findings: Findings<object>): unknown {
  const refused = findRefusedPatterns(module, question, native);
  const asked = WithSearches.safeParse(question).data;
  if (refused.length === 0 || asked === undefined) return question;
  for (const one of refused) if (one.search !== null) findings.failSearch(one.search, describeRefusedPattern(one));
  const left = Object.entries(asked.searches).filter(([label]) => refused.every(({ search }) => search !== label));
  return left.length === 0 ? null : { ...asked, searches: Object.fromEntries(left) };
}

/**
 * @param question validated.
 * @returns why the whole question failed; null when it did not.
 * @throws any error of a defect.
 */
export async function examine(
  module: Module,
  run: AnyRun,
  question: unknown,
  work: Work<object>,
): Promise<string | null> {
  try {
    const left = withoutRefused(module, question, work.findings);
    // The declaration and its run are of one folder, so their types agree.
    if (left !== null) await run(left as never, work as never);
    return null;
  } catch (error) {
    if (error instanceof CodedError && answeredCodes.includes(error.code)) return error.message;
    throw error;
  }
}
