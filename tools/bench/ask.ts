/** Asks a module process as an agent does, without agent and relay. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { buildAddon } from '../../builder/addon/compile.ts';
import { bundle } from '../../builder/bundle.ts';
import { loadNativeFrom } from '../../native/index.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { Receipt } from '../../protocol/result/result.ts';
import { benchFolder } from './corpus.ts';
import { runCommand } from './measure.ts';
import type { AskCost, AskLimits, BenchQuestion } from './row.ts';

const root = dirname(dirname(import.meta.dirname));
const folder = join(benchFolder, 'module-process');
const program = join(folder, 'asked.cjs');

const Cost = z.object({ cpuSeconds: z.number(), wallSeconds: z.number() });
/** `ready` and `answered`: usage of the process when it took the question, and when it had the answer. */
const Report = z.object({
  hits: z.number(),
  errors: z.array(z.string()),
  peakBytes: z.number(),
  receipt: Receipt,
  ready: Cost,
  answered: Cost,
});

/** The rows measure the engine, not its limits; one row measures these. */
const noCpuLimit = 0;

/** Bundles the module process with the addon beside it. */
/** @returns the instruction set that runs, for benches in this process, too. @throws CodedError usage */
export async function prepareAsking(onProgress: (line: string) => void): Promise<string> {
  const addon = await buildAddon({ onProgress, isChoosable: true });
  const instructionSet = loadNativeFrom(addon.path).readInstructionSet();
  const { MIG_ISA: chosen = instructionSet } = process.env;
  if (chosen !== instructionSet)
    throw new CodedError('usage', `expected an instruction set that this processor has in MIG_ISA, got '${chosen}'`, {
      hint: `without it ${instructionSet} runs; native/platform/processor.cc has all names`,
    });
  const { contents } = await bundle(root, 'tools/bench/asked.ts', {});
  const addonFolder = join(folder, 'build', `${process.platform}-${process.arch}`);
  mkdirSync(addonFolder, { recursive: true });
  writeFileSync(program, contents);
  copyFileSync(addon.path, join(addonFolder, 'mig-native.node'));
  return instructionSet;
}

/**
 * The cost of the question in a running module process: an agent starts it while it verifies the question. The cost of the
 * start is apart.
 * @throws CodedError when the answer is not the one that was expected.
 */
export async function ask(question: BenchQuestion, corpus: string, limits: AskLimits = {}): Promise<AskCost> {
  const parameters = JSON.stringify(question.parameters).replaceAll('$corpus', corpus);
  const file = join(folder, 'parameters.json');
  writeFileSync(file, parameters);
  const { cpuPercent = noCpuLimit, seconds = 600 } = limits;
  const command = [process.execPath, program, question.module, file, String(cpuPercent), String(seconds)];
  const { hits, errors, peakBytes, receipt, ready, answered } = Report.parse(JSON.parse(runCommand(command).stdout));
  if (hits !== question.hits)
    throw new CodedError('bench-answer', `expected ${question.hits} hits, got ${hits}; ${errors.join('; ')}`);
  return {
    cpuSeconds: answered.cpuSeconds - ready.cpuSeconds,
    wallSeconds: answered.wallSeconds - ready.wallSeconds,
    start: ready,
    peakBytes,
    receipt,
    hits,
  };
}
