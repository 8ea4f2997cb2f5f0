/** Starts processes in known situations, for tests of modules that read processes. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { findMarkFormat } from '../../../protocol/environment/executable-mark.ts';

const run = promisify(execFile);
const source = join(import.meta.dirname, 'target.cc');

const folder = mkdtempSync(join(tmpdir(), 'mig-target-'));
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function compile(path: string, parameters: readonly string[]): Promise<string> {
  const compiler = process.env.CXX ?? 'g++';
  await run(compiler, ['-std=c++17', ...parameters, '-o', path]);
  return path;
}

let program: Promise<string> | undefined;

/** The compiled program, built once. */
export function targetProgram(): Promise<string> {
  program ??= compile(join(folder, 'mig-target'), [source]);
  return program;
}

/** An empty library for preloading. */
export function emptyLibrary(): Promise<string> {
  return compile(join(folder, 'libmig-preloaded.so'), ['-shared', '-fPIC', '-x', 'c++', '/dev/null']);
}

export interface TargetProcess {
  readonly pid: number;
  /** Sends lines and waits for the answer to each. */
  readonly send: (...lines: readonly string[]) => Promise<void>;
  /** Kills the process and waits for its end. */
  readonly end: () => Promise<void>;
}

interface TargetOptions {
  /** Runs a copy with this name, so that a test finds only its own process. */
  readonly name?: string;
  /** Marks the copy as an agent's executable. */
  readonly mark?: boolean;
  readonly argv0?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of the copy; by default one of the tests'. */
  readonly folder?: string;
  /** A command that runs the program, such as `chroot FOLDER`. It must exec it. */
  readonly prefix?: readonly string[];
}

async function takeLines(lines: Interface, count: number): Promise<void> {
  let left = count;
  await new Promise<void>((resolve, reject) => {
    const onLine = (): void => {
      left -= 1;
      if (left > 0) return;
      lines.off('line', onLine);
      resolve();
    };
    lines.on('line', onLine);
    lines.once('close', () => reject(new Error('the target ended')));
  });
}

/** The path of the copy with that name. */
export function copyPath(name: string): string {
  return join(folder, name);
}

/** See protocol/environment/executable-mark.ts. */
function markFile(path: string): void {
  const content = readFileSync(path);
  const format = findMarkFormat(content);
  if (format === undefined) throw new Error(`expected ${path} to be a program`);
  content.write(format.mark, format.offset, 'latin1');
  writeFileSync(path, content);
}

/** Starts the program in a situation (see target.cc) and waits until it is ready. */
export async function startTarget(parameters: readonly string[], options: TargetOptions = {}): Promise<TargetProcess> {
  const original = await targetProgram();
  const path = options.name === undefined ? original : join(options.folder ?? folder, options.name);
  if (options.name !== undefined) copyFileSync(original, path);
  if (options.mark === true) markFile(path);
  const [command = path, ...rest] = [...(options.prefix ?? []), path, ...parameters];
  const child = spawn(command, rest, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
    ...(options.argv0 === undefined ? {} : { argv0: options.argv0 }),
  });
  started.push(child);
  const lines = createInterface({ input: child.stdout });
  lines.setMaxListeners(0);
  await takeLines(lines, 1);
  return {
    pid: child.pid ?? 0,
    send: async (...sent) => {
      const answered = takeLines(lines, sent.length);
      child.stdin.write(`${sent.join('\n')}\n`);
      await answered;
    },
    end: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}
