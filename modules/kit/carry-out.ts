/**
 * Carries out one operation: parses the question, gives the run its gate and findings, and builds the result. It
 * enforces the rules that hold for every module: limits, costs, failed answers and disclosure.
 */
import type { DisclosureClass } from '../../protocol/environment/disclosure.ts';
import { emptyReceipt, type OperationResult, type Receipt } from '../../protocol/result/result.ts';
import { examine, toMatchLimits, toStopped } from './examine.ts';
import { Findings, type FindingsOutcome } from './findings.ts';
import { Gate, type Protection } from './gate.ts';
import { type FindModule, InnerAsker } from './inner/inner-asker.ts';
import { noInnerQuestions } from './inner/inner-question.ts';
import type { Module } from './module.ts';
import type { AnyRun, ModuleLimits } from './work.ts';

export interface OperationContext {
  readonly signal: AbortSignal;
  readonly limits: ModuleLimits;
  /** Absent for a user on their own machine. */
  readonly protection?: Protection;
  /** Modules that a question may ask within; none unless given. */
  readonly findModule?: FindModule;
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
  { signal, limits, protection, findModule }: OperationContext,
): Promise<OperationResult> {
  const question = module.parameters.parse(parameters);
  const toCost = startMeter();
  const gate = new Gate(protection);
  const answer = module.disclosureClass(question);
  const findings = new Findings<object>(
    { resultBytes: limits.resultBytes, matchLimits: toMatchLimits(question), answer },
    (element) => module.toNamesOnly(element) as object,
  );
  const work = { signal, limits, gate, findings };
  const asked = module.asks(question);
  const inner = asked.length === 0 ? noInnerQuestions : new InnerAsker(asked, work, findModule);
  const failure = await examine(module, run, question, { ...work, inner });
  if (failure !== null) {
    const receipt = { ...emptyReceipt(), protectedquestions: gate.answered, cost: toCost() };
    return { success: false, foundanything: false, elements: {}, statistics: {}, errors: [failure], receipt };
  }
  return toResult(findings.toOutcome(toStopped(signal)), toZeros(module, answer), gate, toCost());
}
