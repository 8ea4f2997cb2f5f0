/** Runs a finished executable the way a host would, without the surroundings of the build. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CodedError, toMessage } from '../protocol/coded-error.ts';
import type { BuildCode } from './bundle.ts';

const run = promisify(execFile);
/** Far more than a start takes, even on a loaded machine. */
const timeoutMs = 30_000;

export interface Trial {
  readonly parameters: readonly string[];
  /** What standard output must hold. */
  readonly expects: readonly string[];
}

async function tryOut(executable: string, { parameters, expects }: Trial): Promise<void> {
  const command = [executable, ...parameters].join(' ');
  let stdout: string;
  try {
    ({ stdout } = await run(executable, parameters, { env: { PATH: process.env.PATH ?? '' }, timeout: timeoutMs }));
  } catch (cause) {
    throw new CodedError<BuildCode>('check-failed', `expected ${command} to work, got: ${toMessage(cause)}`, { cause });
  }
  const missing = expects.find((text) => !stdout.includes(text));
  if (missing !== undefined)
    throw new CodedError<BuildCode>(
      'check-failed',
      `expected ${command} to print ${JSON.stringify(missing)}, got ${JSON.stringify(stdout.slice(0, 200))}`,
    );
}

/** @throws CodedError check-failed */
export async function checkExecutable(executable: string, trials: readonly Trial[]): Promise<void> {
  await Promise.all(trials.map((trial) => tryOut(executable, trial)));
}
