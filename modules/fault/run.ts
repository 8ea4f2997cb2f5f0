import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { emptyReceipt } from '../../protocol/result.ts';
import type { ModuleRun } from '../contract.ts';
import { toCutShort } from '../shared/run.ts';
import { tryForbidden } from './attempt.ts';
import type { FaultParameters } from './spec.ts';

function allocateUntilTheEnd(): never {
  const kept: Buffer[] = [];
  for (;;) kept.push(Buffer.alloc(16 * 1024 * 1024, kept.length));
}

function growUntilTheEnd(): never {
  const kept: number[][] = [];
  for (;;) kept.push(new Array<number>(10_000).fill(kept.length));
}

function hang(): never {
  for (;;);
}

/** A process with nothing left but a signal to wait for would end. */
async function keepAlive(waited: Promise<unknown>): Promise<void> {
  const timer = setInterval(() => {}, 60_000);
  await waited;
  clearInterval(timer);
}

function toElements(fault: FaultParameters['fault'], resultBytes: number): string[] {
  if (fault === 'flood') return ['x'.repeat(resultBytes * 2)];
  return fault === 'fill' ? [randomBytes(resultBytes / 4).toString('base64')] : [];
}

export const run: ModuleRun<FaultParameters> = async ({ fault, attempts }, { limits, signal }) => {
  if (fault === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (fault === 'hang') hang();
  if (fault === 'allocate') allocateUntilTheEnd();
  if (fault === 'grow') growUntilTheEnd();
  if (fault === 'throw') throw new Error('thrown on request');
  if (fault === 'wait' && !signal.aborted) await keepAlive(once(signal, 'abort'));
  const elements = toElements(fault, limits.resultBytes);
  if (fault === 'attempt') for (const attempt of attempts) elements.push(await tryForbidden(attempt));
  return {
    success: true,
    foundanything: false,
    elements,
    statistics: {},
    errors: [],
    receipt: emptyReceipt(toCutShort(signal)),
  };
};
