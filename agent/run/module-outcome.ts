/** What an operation is answered with, by how its process ended. */
import type { ModuleLimits } from '../../modules/kit/work.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import { boundsOf, parseJson } from '../../protocol/base/strict-json.ts';
import { toWellFormed } from '../../protocol/base/text.ts';
import { emptyReceipt, type OperationResult, type Receipt } from '../../protocol/result/result.ts';
import { ModuleOutcome } from './module-request.ts';

/** Room for the receipt and JSON around the plain result, which the module itself keeps within its limit. */
export const outcomeSlackBytes = 64 * 1024;

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

/** For want of memory, of descriptors, or of room among the processes that a user or a service may have. */
export function notStarted(reason: unknown): OperationResult {
  return failedOperation(`the module process could not be started: ${toMessage(reason)}`);
}

export function couldNotBeKilled({ seconds }: ModuleLimits): OperationResult {
  return failedOperation(
    `the module did not end within ${seconds} s and could not be killed: the kernel holds it`,
    'time',
  );
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

export function toOperationResult(output: Buffer, limits: ModuleLimits): OperationResult {
  let value: unknown;
  try {
    value = toWellFormed(
      parseJson(output, { ...boundsOf(limits.resultBytes + outcomeSlackBytes), maxDepth: 64 }),
      output,
    );
  } catch (error) {
    return failedOperation(`the module process gave an answer that is not taken: ${toMessage(error)}`, 'result-size');
  }
  const outcome = ModuleOutcome.safeParse(value);
  if (!outcome.success) return failedOperation('the module process gave an answer of another form than agreed');
  switch (outcome.data.kind) {
    case 'result':
      return outcome.data.result;
    case 'out-of-memory':
      return outOfMemory(limits, '');
    case 'threw':
      return failedOperation(outcome.data.message);
  }
}
