/**
 * Carries out one operation: parses the question, hands the run its gate and its findings, and makes the result. Everything
 * that must hold for each module alike is done here: limits, costs, failed answers, and how much is told.
 */
import * as z from 'zod';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { DisclosureClass } from '../../protocol/environment/protection.ts';
import { emptyReceipt, type OperationResult, type Receipt } from '../../protocol/result/result.ts';
import { Findings, type FindingsOutcome } from './findings.ts';
import { Gate, type Protection } from './gate.ts';
import type { Module } from './module.ts';
import type { AnyRun, ModuleLimits, Work } from './work.ts';

export interface OperationContext {
  readonly signal: AbortSignal;
  readonly limits: ModuleLimits;
  /** Absent for who asks on a machine of their own. */
  readonly protection?: Protection;
}

/** What is wrong with the question or this machine: an answer and not a defect. RE2 has the last word on a pattern. */
const answeredCodes: readonly string[] = ['bad-pattern', 'bad-plan', 'proc-unreadable'];

const Limited = z.object({
  searches: z.record(z.string(), z.object({ options: z.object({ matchlimit: z.number() }) })),
});

/** Of each search; none where a question has no searches. */
function toMatchLimits(parameters: unknown): ReadonlyMap<string, number> {
  const searches = Limited.safeParse(parameters).data?.searches ?? {};
  return new Map(Object.entries(searches).map(([label, { options }]) => [label, options.matchlimit]));
}

function toStopped(signal: AbortSignal): 'time' | 'cancelled' | null {
  if (!signal.aborted) return null;
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError' ? 'time' : 'cancelled';
}

/** Begins to measure what the work costs this process. */
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

/** A count that nothing was added to is 0; a yes or no says nothing of it. */
function toZeros(module: Module, answer: DisclosureClass): OperationResult['statistics'] {
  return answer === 'yesno' ? {} : Object.fromEntries(Object.keys(module.counts).map((name) => [name, 0]));
}

function toResult(
  outcome: FindingsOutcome,
  zeros: OperationResult['statistics'],
  gate: Gate,
  cost: Receipt['cost'],
): OperationResult {
  const { failure, elements, totalHits, counts, notes, examined, skipped, cutshort } = outcome;
  const receipt = { examined, skipped, protectedquestions: gate.answered, cutshort, cost };
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

/** @param parameters unchecked. @throws ZodError; whatever a defect throws. */
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
    // The declaration and its run are of one folder, so they agree on what both are of.
    await run(question as never, work as never);
  } catch (error) {
    if (!(error instanceof CodedError && answeredCodes.includes(error.code))) throw error;
    const receipt = { ...emptyReceipt(), protectedquestions: gate.answered, cost: toCost() };
    return { success: false, foundanything: false, elements: {}, statistics: {}, errors: [error.message], receipt };
  }
  return toResult(findings.toOutcome(toStopped(signal)), toZeros(module, answer), gate, toCost());
}
