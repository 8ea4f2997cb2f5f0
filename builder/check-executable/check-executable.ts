/** Tries a finished executable as a host would use it, apart from the environment of the build. */

import { readFile } from 'node:fs/promises';
import type { ModuleRequest, ModuleRights } from '../../modules/host/module-request.ts';
import { moduleWord } from '../../modules/host/module-word.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { BuildCode } from '../bundle.ts';
import type { BuildTarget } from '../package/target.ts';
import { checkContents } from './contents.ts';
import { findRunner, type Runner, runExecutable } from './runner.ts';

/** A question for a module; it needs the native part. */
interface CheckQuestion {
  readonly module: string;
  readonly parameters: unknown;
  /** The command line that asks it of this machine; that of an agent unless given. */
  readonly words?: readonly string[];
}

export interface Trial {
  /** Parameters of the command line, or a question to an agent on this machine. */
  readonly asks: readonly string[] | CheckQuestion;
  /** Expected in standard output. */
  readonly expects: readonly string[];
}

export interface CheckInput {
  readonly executable: string;
  readonly target: Pick<BuildTarget, 'os' | 'arch'>;
  /** The cache of builds. */
  readonly cache: string;
  /** Expected inside the executable, byte for byte. */
  readonly parts: readonly Uint8Array[];
  readonly trials: readonly Trial[];
}

/** Limits for any trial, as an agent sends them. */
const limits = { seconds: 60, memoryMiB: 4096, resultBytes: 1024 * 1024, cpuPercent: 100, threads: 2 };

/** A trial needs none. A module process reads them as the first line. */
const noRights: ModuleRights = { needs: [], withheld: [] };

function isQuestion(asks: Trial['asks']): asks is CheckQuestion {
  return 'module' in asks;
}

/** Asks the executable. One that cannot start itself again is asked as the module process that it would start. */
function toCommand(asks: Trial['asks'], { startsProcesses }: Runner): { parameters: readonly string[]; input: string } {
  if (!isQuestion(asks)) return { parameters: asks, input: '' };
  const { module, parameters, words } = asks;
  if (startsProcesses && words !== undefined) return { parameters: words, input: '' };
  if (startsProcesses) return { parameters: ['run', module], input: JSON.stringify(parameters) };
  const request: ModuleRequest = { module, parameters, limits, protection: null };
  return { parameters: [moduleWord, module], input: `${JSON.stringify(noRights)}\n${JSON.stringify(request)}` };
}

/** @throws CodedError<BuildCode> check-failed */
export async function tryOut(runner: Runner, { asks, expects }: Trial): Promise<void> {
  const { parameters, input } = toCommand(asks, runner);
  const output = await runExecutable(runner, parameters, input);
  const missing = expects.find((text) => !output.includes(text));
  if (missing !== undefined)
    throw new CodedError<BuildCode>(
      'check-failed',
      `expected ${runner.command} ${parameters.join(' ')} to print ${JSON.stringify(missing)}, got ${JSON.stringify(output.slice(0, 500))}`,
    );
}

function describe({ asks }: Trial): string {
  return isQuestion(asks) ? `a question of the module ${asks.module}` : asks.join(' ');
}

/**
 * @returns what was tried, for the manifest.
 * @throws CodedError<BuildCode> check-failed; CodedError<MachOCode>
 */
export async function checkExecutable({ executable, target, cache, parts, trials }: CheckInput): Promise<string> {
  const found = checkContents(await readFile(executable), target, parts);
  const runner = await findRunner(executable, target, cache);
  if (runner === null) return `${found}; not run: nothing on this machine can`;
  await Promise.all(trials.map((trial) => tryOut(runner, trial)));
  return `${found}; ${runner.says} ${trials.map(describe).join(', ')}`;
}
