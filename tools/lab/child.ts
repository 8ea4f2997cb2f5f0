/** Starts the project's own programs, and waits for their output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { Waiters } from './waiters.ts';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const maximumKeptLines = 5000;

/** A program that goes on running. Its lines are kept: `waitForLine` sees also those from before its call. */
export class RunningProgram {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly #name: string;
  readonly #events = new Waiters();

  /** @param user whose rights the program has, unless the same as ours. */
  constructor(
    name: string,
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = process.env,
    user: { readonly uid?: number; readonly gid?: number } = {},
  ) {
    this.#name = name;
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, ...user });
    for (const stream of [this.child.stdout, this.child.stderr])
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#take(line));
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.#take(error.message);
        resolve({ code: null, signal: null });
      });
      this.child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.ended.then(() => this.#events.wake());
  }

  #take(line: string): void {
    if (this.lines.length >= maximumKeptLines) this.lines.shift();
    this.lines.push(line);
    this.#events.wake();
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @throws CodedError when the program ends or the time is up before such a line came. */
  async waitForLine(fits: (line: string) => boolean, timeoutMs = 30_000): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.lines.find(fits);
      if (found !== undefined) return found;
      const leftMs = deadline - Date.now();
      if (!this.isRunning || leftMs <= 0)
        throw new CodedError('lab-program', `${this.#name} did not get ready:\n${this.lines.slice(-20).join('\n')}`);
      await this.#events.next(leftMs);
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.isRunning) this.child.kill(signal);
    const kill = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(kill);
  }
}

/** Runs a program to its end. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
    readonly input?: string;
    readonly onStderr?: (chunk: string) => void;
  } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const { env = process.env, cwd } = options;
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env, cwd });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      options.onStderr?.(chunk);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
