/** Runs modules in processes of their own: a crash, a hang or a lack of memory there is a failed operation here. */

import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { refuseRings } from '../../native/own-process.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import type { Protection } from '../kit/gate.ts';
import { parseInnerQuestion } from '../kit/inner/parse-inner-question.ts';
import type { ModuleLimits } from '../kit/work.ts';
import { findLoader, type ModuleTable } from '../registry.ts';
import {
  type CountedResult,
  cancelledOperation,
  couldNotBeKilled,
  type Ending,
  failedOperation,
  notStarted,
  outcomeSlackBytes,
  resultTooLarge,
  timedOut,
  toCountedResult,
  toFailedOperation,
  withoutReceipt,
} from './module-outcome.ts';
import { type ModuleRequest, type ModuleRights, outcomeDescriptor } from './module-request.ts';
import { moduleWord } from './module-word.ts';
import { endMs, ProcessKiller } from './process-killer.ts';

/** How long a process that was started ahead waits for a request before it is let go. */
const spareIdleMs = 60_000;
/** Processes that could not be killed keep their memory. With so many of them nothing more is started. */
const maximumStuck = 8;

/** How this program starts itself once more as a module process. */
export interface ModuleProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** As which lists of processes show it; the command unless given. */
  readonly argv0?: string;
}

/** @param module that will be asked for; undefined when nobody knows yet. */
function startProcess({ command, args, argv0 }: ModuleProgram, module?: string): ChildProcess {
  const { PATH = '', TMPDIR } = process.env;
  // TMPDIR: where the native part is loaded from when the usual places are mounted noexec.
  const env = { PATH, LANG: 'C.UTF-8', ...(TMPDIR === undefined ? {} : { TMPDIR }) };
  refuseRings();
  const child = spawn(command, [...args, moduleWord, ...(module === undefined ? [] : [module])], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    env,
    ...(argv0 === undefined ? {} : { argv0 }),
    cwd: '/',
  });
  child.stdin?.on('error', () => {});
  return child;
}

async function readBounded(stream: Readable, maximumBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function waitForEnd(child: ChildProcess): Promise<Ending> {
  if (hasEnded(child)) return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** The part of the module host that those who run modules need. */
export type RunsModules = Pick<ModuleHost, 'prepare' | 'run' | 'close' | 'blocked'>;

export class ModuleHost {
  #spare: { readonly child: ChildProcess; readonly timer: NodeJS.Timeout } | null = null;
  readonly #running = new Set<ChildProcess>();
  /** Killed, and not ended. */
  readonly #stuck = new Set<ChildProcess>();
  readonly #modules: ModuleTable;
  readonly #withheld: readonly string[];
  readonly #program: ModuleProgram;

  /** @param withheld folders whose files no module opens. */
  constructor(modules: ModuleTable, withheld: readonly string[], program: ModuleProgram) {
    this.#modules = modules;
    this.#withheld = withheld;
    this.#program = program;
  }

  /** A module that is missing needs nothing: its process says that it is missing. */
  async #rightsOf(module: string, parameters: unknown): Promise<ModuleRights> {
    const known = await findLoader(this.#modules, module)?.loadModule();
    const needs = new Set(known?.needsOf(parameters));
    for (const inner of known?.asks(parameters) ?? []) {
      const asked = await findLoader(this.#modules, inner.module)?.loadModule();
      const parsed = asked === undefined ? undefined : parseInnerQuestion(asked, inner);
      if (asked !== undefined && parsed?.success === true)
        for (const need of asked.needsOf(parsed.data)) needs.add(need);
    }
    return { needs: [...needs], withheld: this.#withheld };
  }

  /** Why no module can be run now, null when one can. */
  get blocked(): string | null {
    if (this.#stuck.size < maximumStuck) return null;
    return `${this.#stuck.size} module processes could not be killed, and nothing is started before one has ended`;
  }

  /** Starts a process ahead of a request that is likely to come, so that the request does not wait for it to load. */
  prepare(): void {
    if (this.#spare !== null || this.blocked !== null) return;
    let child: ChildProcess;
    try {
      child = startProcess(this.#program);
    } catch {
      // The request itself tries again and tells why.
      return;
    }
    const timer = setTimeout(() => this.#dropSpare(), spareIdleMs);
    timer.unref();
    child.once('error', () => this.#dropSpare());
    child.once('exit', () => {
      if (this.#spare?.child === child) this.#dropSpare();
    });
    this.#spare = { child, timer };
  }

  #dropSpare(): void {
    if (this.#spare === null) return;
    clearTimeout(this.#spare.timer);
    this.#spare.child.kill('SIGKILL');
    this.#spare = null;
  }

  #takeProcess(module: string): ChildProcess {
    if (this.#spare === null) return startProcess(this.#program, module);
    const { child, timer } = this.#spare;
    clearTimeout(timer);
    this.#spare = null;
    return child;
  }

  /**
   * Never throws for what a module does; parameters must have passed the module's schema.
   * @param protection null for who asks on this very machine.
   * @param signal asks the module to end with what it has; it is killed when it does not.
   */
  async run(
    module: string,
    parameters: unknown,
    limits: ModuleLimits,
    protection: Protection | null,
    signal?: AbortSignal,
  ): Promise<CountedResult> {
    if (this.blocked !== null) return withoutReceipt(failedOperation(this.blocked), 0);
    const allowed = protection?.questions ?? 0;
    let child: ChildProcess;
    try {
      child = this.#takeProcess(module);
    } catch (error) {
      return withoutReceipt(notStarted(error), 0);
    }
    this.#running.add(child);
    const killer = new ProcessKiller(child, limits.seconds, signal);
    try {
      if (child.pid === undefined)
        return withoutReceipt(await waitForEnd(child).then(({ code }) => notStarted(code), notStarted), 0);
      const output = await this.#ask(child, killer, { module, parameters, limits, protection });
      return Buffer.isBuffer(output) ? toCountedResult(output, limits, allowed) : withoutReceipt(output, allowed);
    } catch (error) {
      return withoutReceipt(failedOperation(`the module process could not be run: ${toMessage(error)}`), allowed);
    } finally {
      killer.stop();
      this.#running.delete(child);
      this.#dismiss(child);
    }
  }

  /** Sends the request and waits for the output; a failed operation when there is none. */
  async #ask(child: ChildProcess, killer: ProcessKiller, request: ModuleRequest): Promise<Buffer | OperationResult> {
    const { module, parameters, limits } = request;
    const ended = waitForEnd(child);
    // Awaited below; until then its rejection must not count as unhandled.
    ended.catch(() => {});
    const rights = await this.#rightsOf(module, parameters);
    child.stdin?.end(`${JSON.stringify(rights)}\n${JSON.stringify(request)}`);
    const reading = readBounded(child.stdio[outcomeDescriptor] as Readable, limits.resultBytes + outcomeSlackBytes);
    // Not awaited when the process is stuck.
    reading.catch(() => {});
    const output = await Promise.race([reading, killer.stuck]);
    if (output === 'stuck') return killer.reason === 'cancelled' ? cancelledOperation() : couldNotBeKilled(limits);
    if (killer.reason === 'time') return timedOut(limits);
    if (output === null) return resultTooLarge(limits);
    if (output.length > 0) return output;
    const ending = await Promise.race([ended, killer.stuck]);
    if (killer.isCancelled) return cancelledOperation();
    return ending === 'stuck' ? couldNotBeKilled(limits) : toFailedOperation(ending, limits);
  }

  /** Kills the process and lets go of it; one that does not end is counted until it does. */
  #dismiss(child: ChildProcess): void {
    child.kill('SIGKILL');
    for (const stream of child.stdio) stream?.destroy();
    child.unref();
    if (child.pid === undefined || hasEnded(child)) return;
    const timer = setTimeout(() => this.#stuck.add(child), endMs);
    timer.unref();
    child.once('exit', () => {
      clearTimeout(timer);
      this.#stuck.delete(child);
    });
  }

  /** Ends every process at once; what ran is reported as interrupted after the next start. */
  close(): void {
    this.#dropSpare();
    for (const child of this.#running) child.kill('SIGKILL');
  }
}
