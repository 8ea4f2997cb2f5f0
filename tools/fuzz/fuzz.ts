/** The loop: changes an input, hands it over, and keeps it when it reached new code. */
import { createHash } from 'node:crypto';
import { type Block, Coverage, keyOf } from './coverage.ts';
import { grow } from './grow.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { FuzzTarget, PreparedTarget } from './target.ts';

export interface FuzzLimits {
  /** The end: after so many executions, or so much wall time. */
  readonly executions?: number;
  readonly seconds?: number;
  /** The same seed changes the same inputs in the same way. */
  readonly seed: number;
  /** Inputs that were findings once. */
  readonly earlier?: readonly Uint8Array[];
}

interface Finding {
  readonly input: Buffer;
  readonly error: unknown;
}

export interface FuzzReport {
  readonly name: string;
  readonly executions: number;
  /** How many of the inputs were taken; the others were refused. */
  readonly taken: number;
  readonly seconds: number;
  /** Inputs kept because they reached new code, the seeds included. */
  readonly corpus: number;
  /** Blocks of code reached. */
  readonly blocks: number;
  readonly findings: readonly Finding[];
}

/**
 * Reading the counters costs as much as many inputs. So many inputs are taken in between that this is a fraction of the
 * time.
 */
const fewestInputsPerReading = 16;
const mostInputsPerReading = 4096;
const readingShare = 0.2;
const maximumFindings = 8;
/** CPU time of one input; the slowest honest one takes a hundredth. */
const maximumCpuMs = 2000;

/** @throws what is a finding. */
async function run(target: PreparedTarget, input: Buffer): Promise<boolean> {
  const before = process.cpuUsage();
  const isTaken = await target.take(input);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000;
  if (cpuMs > maximumCpuMs) throw new Error(`took ${Math.round(cpuMs)} ms of CPU`);
  return isTaken;
}

/** Similar findings count as one. */
function kindOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const place = /at .*/.exec(stack)?.[0] ?? stack;
  return createHash('sha256').update(place).digest('hex');
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

export async function fuzz(target: FuzzTarget, limits: FuzzLimits): Promise<FuzzReport> {
  const prepared = await target.prepare();
  const random = new Random(limits.seed);
  const coverage = new Coverage();
  const corpus: Buffer[] = [];
  const seen = new Set<string>();
  const findings = new Map<string, Finding>();
  const startedMs = performance.now();
  let executions = 0;
  let taken = 0;

  const take = async (input: Buffer): Promise<void> => {
    executions += 1;
    try {
      if (await run(prepared, input)) taken += 1;
    } catch (error) {
      findings.set(kindOf(error), { input, error });
    }
  };
  /** Finds the inputs behind new blocks by bisection. An input that reached several blocks stands for all of them. */
  const keepReaching = async (fresh: readonly Block[], batch: readonly Buffer[]): Promise<void> => {
    const [only] = batch;
    if (fresh.length === 0 || only === undefined) return;
    if (batch.length === 1) {
      corpus.push(only);
      return;
    }
    const middle = batch.length >> 1;
    const half = batch.slice(0, middle);
    for (const input of half) await take(input);
    const reading = coverage.read();
    const reached = fresh.filter((block) => reading.reaches(block));
    await keepReaching(reached, half);
    await keepReaching(
      fresh.filter((block) => !reached.includes(block)),
      batch.slice(middle),
    );
  };
  // Every third input grows from an honest one: changed inputs are mostly refused before their structure is looked at.
  const next = (): Buffer => {
    if (target.grows !== true) return mutate(random.pick(corpus), random, corpus);
    if (random.below(3) === 0) return grow(Buffer.from(random.pick(prepared.seeds)), random);
    return grow(mutate(random.pick(corpus), random, corpus), random);
  };
  const isOver = (): boolean =>
    findings.size >= maximumFindings ||
    (limits.executions !== undefined && executions >= limits.executions) ||
    (limits.seconds !== undefined && performance.now() - startedMs >= limits.seconds * 1000);

  try {
    for (const input of [...prepared.seeds, ...(limits.earlier ?? [])]) {
      await take(Buffer.from(input));
      corpus.push(Buffer.from(input));
      if (executions === 1 && taken === 0 && findings.size === 0)
        throw new Error(`expected the first seed of ${target.name} to be taken, it was refused`);
    }
    for (const block of coverage.read().blocks()) seen.add(keyOf(block));
    let inputsPerReading = fewestInputsPerReading;
    while (!isOver()) {
      const batch: Buffer[] = [];
      const batchMs = await timed(async () => {
        while (batch.length < inputsPerReading && !isOver()) {
          const input = next();
          batch.push(input);
          await take(input);
        }
      });
      let fresh: Block[] = [];
      const readingMs = await timed(async () => {
        const reading = coverage.read();
        fresh = reading.blocks().filter((block) => !seen.has(keyOf(block)));
      });
      if (readingMs > readingShare * batchMs) inputsPerReading = Math.min(2 * inputsPerReading, mostInputsPerReading);
      for (const block of fresh) seen.add(keyOf(block));
      await keepReaching(fresh, batch);
    }
  } finally {
    coverage.close();
    await prepared.close?.();
  }
  const seconds = (performance.now() - startedMs) / 1000;
  return {
    name: target.name,
    executions,
    taken,
    seconds,
    corpus: corpus.length,
    blocks: seen.size,
    findings: [...findings.values()],
  };
}
