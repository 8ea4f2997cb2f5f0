/** Starts processes in known situations, for the tests of the modules that look at processes. */
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

/** The compiled program, made once. */
export function targetProgram(): Promise<string> {
  program ??= compile(join(folder, 'mig-target'), [source]);
  return program;
}

/** A library that does nothing, to be preloaded. */
export function emptyLibrary(): Promise<string> {
  return compile(join(folder, 'libmig-preloaded.so'), ['-shared', '-fPIC', '-x', 'c++', '/dev/null']);
}

export interface TargetProcess {
  readonly pid: number;
  /** Sends lines and waits until the process says that each is done. */
  readonly send: (...lines: readonly string[]) => Promise<void>;
  /** Ends the process and waits for that. */
  readonly end: () => Promise<void>;
}

interface TargetOptions {
  /** Runs a copy of this name, so that a test finds its own process only. */
  readonly name?: string;
  /** Marks the copy as the executable of an agent. */
  readonly mark?: boolean;
  readonly argv0?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the copy is, else in a folder of the tests. */
  readonly folder?: string;
  /** A command that the program runs under, such as `chroot FOLDER`. It must become the program. */
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

/** Where the copy of that name is. */
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

/** Starts the program in a situation (see target.cc) and waits until it is there. */
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
