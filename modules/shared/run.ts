/** What every module's run does alike: follow native work until the signal, and say what it cost and why it ended. */
import { performance } from 'node:perf_hooks';
import { CodedError } from '../../protocol/coded-error.ts';
import { emptyReceipt, type Receipt } from '../../protocol/result.ts';
import type { ModuleRun } from '../contract.ts';

/** What is wrong with the question or this machine: an answer and not a defect. RE2 has the last word on a pattern. */
const answeredCodes: readonly string[] = ['bad-pattern', 'bad-plan', 'proc-unreadable'];

/** The same, but what is wrong with the question or this machine is a failed answer. */
export function answeringFailures<Parameters>(ask: ModuleRun<Parameters>): ModuleRun<Parameters> {
  return async (parameters, context) => {
    try {
      return await ask(parameters, context);
    } catch (error) {
      if (!(error instanceof CodedError && answeredCodes.includes(error.code))) throw error;
      return {
        success: false,
        foundanything: false,
        elements: {},
        statistics: {},
        errors: [error.message],
        receipt: emptyReceipt(),
      };
    }
  };
}

interface Cancellable<Result> {
  readonly done: Promise<Result>;
  readonly cancel: () => void;
}

/** Waits for native work; an abort ends it early and still gives what there is. */
export async function follow<Result>(work: Cancellable<Result>, signal: AbortSignal): Promise<Result> {
  const cancel = (): void => work.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await work.done;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Why the signal ended the work; null when it did not. */
export function toCutShort(signal: AbortSignal): Receipt['cutshort'] {
  if (!signal.aborted) return null;
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError' ? 'time' : 'cancelled';
}

export interface Meter {
  readonly elapsedMs: () => number;
  readonly cost: () => Receipt['cost'];
}

/** Begins to measure what the work costs this process. */
export function startMeter(): Meter {
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  const elapsedMs = (): number => performance.now() - startedMs;
  return {
    elapsedMs,
    cost: () => {
      const { user, system } = process.cpuUsage(startedCpu);
      return {
        wallms: elapsedMs(),
        cpums: (user + system) / 1000,
        peakbytes: process.resourceUsage().maxRSS * 1024,
      };
    },
  };
}

/** Counts by reason for the receipt. */
export class Tally<Reason extends string> {
  readonly #counts = new Map<Reason, number>();

  add(reason: Reason, count = 1): void {
    if (count > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  of(reason: Reason): number {
    return this.#counts.get(reason) ?? 0;
  }

  toList(): { readonly reason: Reason; readonly count: number }[] {
    return [...this.#counts].map(([reason, count]) => ({ reason, count }));
  }
}
