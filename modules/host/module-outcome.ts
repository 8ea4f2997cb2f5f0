/** The result of an operation, by how its process ended. */

import { toMessage } from '../../protocol/base/coded-error.ts';
import { boundsOf, parseJson } from '../../protocol/base/strict-json.ts';
import { toWellFormed } from '../../protocol/base/text.ts';
import { emptyReceipt, type OperationResult, type Receipt } from '../../protocol/result/result.ts';
import type { ModuleLimits } from '../kit/work.ts';
import { ModuleOutcome } from './module-request.ts';

/** Room for the receipt and JSON around the plain result, which the module itself keeps within its limit. */
export const outcomeSlackBytes = 64 * 1024;

/** A result, and how many questions about protected content it has answered. */
export interface CountedResult {
  readonly result: OperationResult;
  readonly questions: number;
}

/** A module that gave no receipt may have looked at everything it was allowed to, and how it ended can be an answer. */
export function withoutReceipt(result: OperationResult, allowed: number): CountedResult {
  return { result, questions: allowed };
}

export function failedOperation(message: string, cutshort: Receipt['cutshort'] = null): OperationResult {
  return {
    success: false,
    foundanything: false,
    elements: {},
    statistics: {},
    errors: [message],
    receipt: emptyReceipt(cutshort),
  };
}

export function cancelledOperation(): OperationResult {
  return failedOperation('cancelled before it could answer', 'cancelled');
}

/** Memory, descriptors, or the number of processes that a user or a service may have were used up. */
export function notStarted(reason: unknown): OperationResult {
  return failedOperation(`the module process could not be started: ${toMessage(reason)}`);
}

export function couldNotBeKilled({ seconds }: ModuleLimits): OperationResult {
  return failedOperation(
    `the module did not end within ${seconds} s and could not be killed: the kernel holds it`,
    'time',
  );
}

export function timedOut({ seconds }: ModuleLimits): OperationResult {
  return failedOperation(`the module did not end within ${seconds} s and was killed`, 'time');
}

export function resultTooLarge({ resultBytes }: ModuleLimits): OperationResult {
  return failedOperation(`the result is over ${resultBytes} bytes`, 'result-size');
}

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** How V8 and C++ end a process that gets no more memory, and how the kernel does. */
const memorySignals: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGTRAP', 'SIGILL', 'SIGABRT', 'SIGKILL']);

function outOfMemory({ memoryMiB }: ModuleLimits, detail: string): OperationResult {
  return failedOperation(
    `the module needed more memory than there was, and it may have ${memoryMiB} MiB${detail}`,
    'memory',
  );
}

/** It ended without a word. */
export function toFailedOperation({ code, signal }: Ending, limits: ModuleLimits): OperationResult {
  if (memorySignals.has(signal)) return outOfMemory(limits, `, or has a defect: its process ended by ${signal}`);
  return failedOperation(`the module process ended without an answer (${signal ?? `exit code ${code}`})`);
}

/** @param allowed how many questions about protected content the module might answer. */
export function toCountedResult(output: Buffer, limits: ModuleLimits, allowed: number): CountedResult {
  let value: unknown;
  try {
    value = toWellFormed(
      parseJson(output, { ...boundsOf(limits.resultBytes + outcomeSlackBytes), maxDepth: 64 }),
      output,
    );
  } catch (error) {
    const why = `the module process gave an answer that is not taken: ${toMessage(error)}`;
    return withoutReceipt(failedOperation(why, 'result-size'), allowed);
  }
  const outcome = ModuleOutcome.safeParse(value);
  if (!outcome.success)
    return withoutReceipt(failedOperation('the module process gave an answer of another form than agreed'), allowed);
  switch (outcome.data.kind) {
    case 'result':
      return { result: outcome.data.result, questions: outcome.data.result.receipt.protectedquestions };
    case 'out-of-memory':
      return withoutReceipt(outOfMemory(limits, ''), allowed);
    case 'threw':
      return withoutReceipt(failedOperation(outcome.data.message), allowed);
  }
}
