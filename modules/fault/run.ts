import { emptyReceipt } from '../../protocol/result.ts';
import type { ModuleRun } from '../contract.ts';
import type { FaultParameters } from './spec.ts';

function allocateUntilTheEnd(): never {
  const kept: Buffer[] = [];
  for (;;) kept.push(Buffer.alloc(16 * 1024 * 1024, kept.length));
}

function hang(): never {
  for (;;);
}

export const run: ModuleRun<FaultParameters> = async ({ fault }, { limits }) => {
  if (fault === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (fault === 'hang') hang();
  if (fault === 'allocate') allocateUntilTheEnd();
  if (fault === 'throw') throw new Error('thrown on request');
  const elements = fault === 'flood' ? ['x'.repeat(limits.resultBytes * 2)] : [];
  return { success: true, foundanything: false, elements, statistics: {}, errors: [], receipt: emptyReceipt() };
};
