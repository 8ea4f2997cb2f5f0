/** Runs a finished executable the way a host would, without the surroundings of the build. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CodedError, toMessage } from '../protocol/coded-error.ts';
import type { BuildCode } from './bundle.ts';

const run = promisify(execFile);
/** Far more than a start takes, even under emulation on a loaded machine. */
const timeoutMs = 120_000;

/** As Node names it. */
export interface TargetName {
  readonly os: string;
  readonly arch: string;
}

export interface Trial {
  readonly parameters: readonly string[];
  /** What standard output must hold. */
  readonly expects: readonly string[];
}

interface Runner {
  readonly command: string;
  readonly parameters: readonly string[];
  /** How the manifest tells it. */
  readonly says: string;
}

/** Debian keeps the libraries of another processor there, for cross compilers. */
const armLibraries = '/usr/aarch64-linux-gnu';

/** How an executable for a target is run on this machine; null when it cannot be. */
async function findRunner(executable: string, target: TargetName): Promise<Runner | null> {
  if (target.os === process.platform && target.arch === process.arch)
    return { command: executable, parameters: [], says: 'ran' };
  if (target.os !== 'linux' || target.arch !== 'arm64') return null;
  const emulator = 'qemu-aarch64';
  const isThere = await run(emulator, ['--version']).then(
    () => true,
    () => false,
  );
  return isThere ? { command: emulator, parameters: ['-L', armLibraries, executable], says: `${emulator} ran` } : null;
}

async function tryOut(runner: Runner, { parameters, expects }: Trial): Promise<void> {
  const command = [runner.command, ...runner.parameters, ...parameters].join(' ');
  let stdout: string;
  try {
    const env = { PATH: process.env.PATH ?? '' };
    ({ stdout } = await run(runner.command, [...runner.parameters, ...parameters], { env, timeout: timeoutMs }));
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

/**
 * @returns what was tried, for the manifest.
 * @throws CodedError check-failed
 */
export async function checkExecutable(
  executable: string,
  target: TargetName,
  trials: readonly Trial[],
): Promise<string> {
  const runner = await findRunner(executable, target);
  if (runner === null) return 'not run: nothing on this machine can';
  await Promise.all(trials.map((trial) => tryOut(runner, trial)));
  return `${runner.says} ${trials.map(({ parameters }) => parameters.join(' ')).join(' and ')}`;
}
