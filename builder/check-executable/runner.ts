/** Runs an executable for a target on this machine: directly, under an emulator of its processor, or under wine. */

import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { access, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../../host/make-folder.ts';
import { makeTemporaryFolder } from '../../host/temporary-folder.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { BuildCode } from '../bundle.ts';
import { type BuildTarget, isHost } from '../package/target.ts';

const run = promisify(execFile);
/** Far longer than a start, even under emulation on a loaded machine. */
const timeoutMs = 120_000;

export interface Runner {
  readonly command: string;
  /** The command line before the executable's own parameters. */
  readonly parameters: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The manifest's words for it: `qemu-aarch64 ran`. */
  readonly says: string;
  /** Whether the executable can start itself again. */
  readonly startsProcesses: boolean;
}

const env = { PATH: process.env.PATH ?? '' };

function works(command: string, ...parameters: readonly string[]): Promise<boolean> {
  return run(command, parameters).then(
    () => true,
    () => false,
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Debian keeps the libraries of another processor there, for cross compilers. */
const armLibraries = '/usr/aarch64-linux-gnu';
const armNeeds = ['ld-linux-aarch64.so.1', 'libstdc++.so.6', 'libgcc_s.so.1'];

async function findEmulator(executable: string): Promise<Runner | null> {
  const needs = await Promise.all(armNeeds.map((name) => isThere(join(armLibraries, 'lib', name))));
  if (needs.includes(false) || !(await works('qemu-aarch64', '--version'))) return null;
  const parameters = ['-L', armLibraries, executable];
  return { command: 'qemu-aarch64', parameters, env, says: 'qemu-aarch64 ran', startsProcesses: false };
}

/** Without the parts for graphical programs, and without warnings about missing ones. */
function wineEnvironment(prefix: string): Readonly<Record<string, string>> {
  return {
    ...env,
    HOME: prefix,
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=',
  };
}

/** Wine's prefix of a Windows 10, made once and kept. It appears complete or not at all. */
async function provideWinePrefix(cache: string): Promise<string> {
  const prefix = join(cache, 'wine');
  if (await isThere(prefix)) return prefix;
  makeFolder(dirname(prefix));
  const unfinished = await mkdtemp(`${prefix}.`);
  try {
    const options = { env: wineEnvironment(unfinished), timeout: timeoutMs };
    await run('wine', ['wineboot', '--init'], options);
    await run('wine', ['winecfg', '-v', 'win10'], options);
    await run('wineserver', ['--wait'], options);
    await rename(unfinished, prefix);
  } catch (error) {
    // Another build was faster.
    if (!(await isThere(prefix))) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return prefix;
}

async function findWine(executable: string, cache: string): Promise<Runner | null> {
  if (!(await works('wine', '--version'))) return null;
  const prefix = await provideWinePrefix(cache).catch(() => null);
  if (prefix === null) return null;
  const says = 'wine ran';
  return { command: 'wine', parameters: [executable], env: wineEnvironment(prefix), says, startsProcesses: true };
}

/** For executables of this machine's own target. */
export function directRunner(executable: string): Runner {
  return { command: executable, parameters: [], env, says: 'ran', startsProcesses: true };
}

/** @param cache folder for what is kept between builds. @returns null when this machine cannot run it. */
export async function findRunner(
  executable: string,
  target: Pick<BuildTarget, 'os' | 'arch'>,
  cache: string,
): Promise<Runner | null> {
  if (isHost(target)) return directRunner(executable);
  if (target.os === 'linux' && target.arch === 'arm64') return findEmulator(executable);
  return target.os === 'win32' ? findWine(executable, cache) : null;
}

type Descriptors = readonly [input: number, output: number, errors: number];

function runToEnd(runner: Runner, parameters: readonly string[], descriptors: Descriptors): Promise<void> {
  const [input, output, errors] = descriptors;
  return new Promise((resolve, reject) => {
    // A module process answers on descriptor 3.
    const stdio = [input, output, errors, output];
    const child = spawn(runner.command, parameters, { env: runner.env, stdio, timeout: timeoutMs });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`it ended with ${signal ?? code}`));
    });
  });
}

/**
 * Runs the executable with files for input and output: under wine, Node cannot use the system's pipes.
 * @returns what came on standard output and on descriptor 3.
 * @throws CodedError<BuildCode> check-failed
 */
export async function runExecutable(runner: Runner, parameters: readonly string[], input: string): Promise<string> {
  const all = [...runner.parameters, ...parameters];
  const folder = makeTemporaryFolder('mig-check-');
  const inputFile = join(folder, 'input');
  const outputFile = join(folder, 'output');
  const errorFile = join(folder, 'errors');
  const open: number[] = [];
  try {
    writeFileSync(inputFile, input);
    const descriptors: Descriptors = [openSync(inputFile, 'r'), openSync(outputFile, 'w'), openSync(errorFile, 'w')];
    open.push(...descriptors);
    await runToEnd(runner, all, descriptors);
    return readFileSync(outputFile, 'utf8');
  } catch (cause) {
    const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trim().slice(0, 1000) : '');
    // A question that failed is answered on standard output.
    const said = read(errorFile) || read(outputFile);
    const command = [runner.command, ...all].join(' ');
    throw new CodedError<BuildCode>('check-failed', `expected ${command} to work, got: ${toMessage(cause)}\n${said}`, {
      cause,
    });
  } finally {
    for (const descriptor of open) closeSync(descriptor);
    await rm(folder, { recursive: true, force: true });
  }
}
