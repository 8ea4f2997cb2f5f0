/**
 * Carries out one operation: parses the question, gives the run its gate and findings, and builds the result. It
 * enforces the rules that hold for every module: limits, costs, failed answers and disclosure.
 */
import * as z from 'zod';
import { native } from '../../native/index.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { DisclosureClass } from '../../protocol/environment/disclosure.ts';
import { emptyReceipt, type OperationResult, type Receipt } from '../../protocol/result/result.ts';
import { Findings, type FindingsOutcome } from './findings.ts';
import { Gate, type Protection } from './gate.ts';
import type { Module } from './module.ts';
import { describeRefusedPattern, findRefusedPatterns } from './refused-patterns.ts';
import type { AnyRun, ModuleLimits, Work } from './work.ts';

export interface OperationContext {
  readonly signal: AbortSignal;
  readonly limits: ModuleLimits;
  /** Absent for a user on their own machine. */
  readonly protection?: Protection;
}

/** Errors of the question or of this machine: they fail the answer, and are no defects. RE2 decides about patterns. */
const answeredCodes: readonly string[] = ['bad-pattern', 'bad-plan', 'proc-unreadable'];

const Limited = z.object({
  searches: z.record(z.string(), z.object({ options: z.object({ matchlimit: z.number() }) })),
});

/** The match limit of each search; empty when a question has no searches. */
function toMatchLimits(parameters: unknown): ReadonlyMap<string, number> {
  const searches = Limited.safeParse(parameters).data?.searches ?? {};
  return new Map(Object.entries(searches).map(([label, { options }]) => [label, options.matchlimit]));
}

function toStopped(signal: AbortSignal): 'time' | 'cancelled' | null {
  if (!signal.aborted) return null;
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError' ? 'time' : 'cancelled';
}

/** Starts to measure the CPU time and memory of this process. */
function startMeter(): () => Receipt['cost'] {
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(startedCpu);
    return {
      wallms: performance.now() - startedMs,
      cpums: (user + system) / 1000,
      peakbytes: process.resourceUsage().maxRSS * 1024,
    };
  };
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

/** A count without additions is 0; a yes-or-no answer has no counts. */
function toZeros(module: Module, answer: DisclosureClass): OperationResult['statistics'] {
  return answer === 'yesno' ? {} : Object.fromEntries(Object.keys(module.counts).map((name) => [name, 0]));
}

function toResult(
  outcome: FindingsOutcome,
  zeros: OperationResult['statistics'],
  gate: Gate,
  cost: Receipt['cost'],
): OperationResult {
  const { failure, elements, totalHits, counts, notes, examined, skipped, sources, cutshort } = outcome;
  const receipt = {
    examined,
    skipped,
    ...(sources === undefined ? {} : { sources: [...sources] }),
    protectedquestions: gate.answered,
    cutshort,
    cost,
  };
  if (failure !== null)
    return { success: false, foundanything: false, elements: {}, statistics: {}, errors: [failure], receipt };
  return {
    success: true,
    foundanything: totalHits > 0,
    elements,
    statistics: { ...zeros, ...counts, totalhits: totalHits },
    errors: [...notes],
    receipt,
  };
}

/** @param parameters not yet validated. @throws ZodError; any error of a defect. */
export async function carryOut(
  module: Module,
  run: AnyRun,
  parameters: unknown,
  { signal, limits, protection }: OperationContext,
): Promise<OperationResult> {
  const question = module.parameters.parse(parameters);
  const toCost = startMeter();
  const gate = new Gate(protection);
  const answer = module.disclosureClass(question);
  const findings = new Findings<object>(
    { resultBytes: limits.resultBytes, matchLimits: toMatchLimits(question), answer },
    (element) => module.toNamesOnly(element) as object,
  );
  try {
    const work: Work<object> = { signal, limits, gate, findings };
    const left = withoutRefused(module, question, findings);
    // The declaration and its run are of one folder, so their types agree.
    if (left !== null) await run(left as never, work as never);
  } catch (error) {
    if (!(error instanceof CodedError && answeredCodes.includes(error.code))) throw error;
    const receipt = { ...emptyReceipt(), protectedquestions: gate.answered, cost: toCost() };
    return { success: false, foundanything: false, elements: {}, statistics: {}, errors: [error.message], receipt };
  }
  return toResult(findings.toOutcome(toStopped(signal)), toZeros(module, answer), gate, toCost());
}
