import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import type { ModuleRun } from '../kit/work.ts';
import { tryForbidden } from './attempt.ts';
import type { FaultElement, FaultParameters } from './module.ts';

/** The descriptor from which the agent reads outcomes of its module processes. */
const outcomeDescriptor = 3;
/** Larger than the limit of any environment. */
const floodBytes = 256 * 1024 * 1024;

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

/** Keeps the event loop alive: with only a signal listener the process would end. */
async function keepAlive(waited: Promise<unknown>): Promise<void> {
  const timer = setInterval(() => {}, 60_000);
  await waited;
  clearInterval(timer);
}

/** Like a compromised process, which bypasses all counting. */
function flood(): void {
  const piece = 'x'.repeat(1024 * 1024);
  for (let written = 0; written < floodBytes; written += piece.length) writeSync(outcomeDescriptor, piece);
}

export const run: ModuleRun<FaultParameters, FaultElement> = async (
  { fault, attempts = [] },
  { signal, gate, findings, limits },
) => {
  if (fault === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (fault === 'hang') hang();
  if (fault === 'allocate') allocateUntilTheEnd();
  if (fault === 'grow') growUntilTheEnd();
  if (fault === 'throw') throw new Error('thrown on request');
  if (fault === 'wait' && !signal.aborted) await keepAlive(once(signal, 'abort'));
  if (fault === 'flood') flood();
  if (fault === 'fill') {
    const outcome = randomBytes(limits.resultBytes / 4).toString('base64');
    findings.hit(gate.permitPathless(), { outcome }, 'fault', 'fill');
  }
  if (fault === 'attempt')
    for (const attempt of attempts) {
      const outcome = await tryForbidden(attempt);
      findings.hit(gate.permitPathless(), { outcome }, 'fault', 'attempt');
    }
};
