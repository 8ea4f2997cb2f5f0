/**
 * The rehearsal of a module process that waits for its request: each module that declares one is asked a question about
 * nothing of this machine, through the code of a real one, and the answer is thrown away. Code is compiled when it first
 * runs; the request then finds it compiled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { carryOut } from '../kit/carry-out.ts';
import type { Protection } from '../kit/gate.ts';
import type { ModuleLimits } from '../kit/work.ts';
import type { ModuleLoader, ModuleTable } from '../registry.ts';

/** A request that the process was started for comes sooner, and does not wait for a rehearsal. */
const usualRestMs = 100;
const limits: ModuleLimits = { seconds: 1, memoryMiB: 256, resultBytes: 64 * 1024, cpuPercent: 100, threads: 1 };
/** With rules, as every environment has. */
const protection: Protection = {
  rules: [{ glob: '/dev/null/**', mayRead: false, mayTell: true }],
  contents: [],
  questions: 0,
};

async function rehearseOne({ loadModule, loadRun }: ModuleLoader): Promise<void> {
  const [module, run] = await Promise.all([loadModule(), loadRun()]);
  if (module.rehearsal === undefined) return;
  const parameters = module.toParameters(module.rehearsal);
  await carryOut(module, run, parameters, { signal: AbortSignal.timeout(limits.seconds * 1000), limits, protection });
}

/** @returns the processor's time that it took in milliseconds, which belongs to no answer. */
async function rehearse(modules: ModuleTable): Promise<number> {
  const before = process.cpuUsage();
  for (const loader of Object.values(modules)) {
    // A defect is told by the answer to a real question.
    await rehearseOne(loader).catch(() => {});
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Rehearses when the request does not come at once.
 * @param asked resolves when it has come.
 * @returns milliseconds as `rehearse`; 0 without a rehearsal.
 */
export async function rehearseUnlessAsked(
  modules: ModuleTable,
  asked: Promise<unknown>,
  restMs = usualRestMs,
): Promise<number> {
  const rest = new AbortController();
  const isOver = sleep(restMs, true, { signal: rest.signal }).catch(() => false);
  const isWaiting = await Promise.race([asked.then(() => false), isOver]);
  rest.abort();
  return isWaiting ? rehearse(modules) : 0;
}
