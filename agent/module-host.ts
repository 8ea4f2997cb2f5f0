/** Runs modules in processes of their own: a crash, a hang or a lack of memory there is a failed operation here. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ModuleLimits, Protection } from '../modules/contract.ts';
import { toMessage } from '../protocol/coded-error.ts';
import { emptyReceipt, type OperationResult, type Receipt } from '../protocol/result.ts';
import { boundsOf, parseJson } from '../protocol/strict-json.ts';
import { graceMs, ModuleOutcome, type ModuleRequest, type ModuleRights, outcomeDescriptor } from './module-request.ts';
import { findModule, type ModuleTable } from './module-table.ts';

/** Room for the receipt and JSON around the plain result, which the module itself keeps within its limit. */
const outcomeSlackBytes = 64 * 1024;
/** How long a process that was started ahead waits for a request before it is let go. */
const spareIdleMs = 60_000;

export function failedOperation(message: string, cutshort: Receipt['cutshort'] = null): OperationResult {
  return {
    success: false,
    foundanything: false,
    elements: {},
    statistics: {},
    errors: [message],
    receipt: emptyReceipt(cutshort),
  };
}

export function cancelledOperation(): OperationResult {
  return failedOperation('cancelled before it could answer', 'cancelled');
}

/** Starts this very executable again; on Linux by the running image, even when the file has been replaced meanwhile. */
function startProcess(): ChildProcess {
  const executable = process.platform === 'linux' ? '/proc/self/exe' : process.execPath;
  const { PATH = '', TMPDIR } = process.env;
  // TMPDIR: where the native part is loaded from when the usual places are mounted noexec.
  const environment = { PATH, LANG: 'C.UTF-8', ...(TMPDIR === undefined ? {} : { TMPDIR }) };
  const child = spawn(executable, ['module-process'], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    env: environment,
    argv0: 'mig-agent-module',
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

/** For want of memory, of descriptors, or of room among the processes that a user or a service may have. */
function notStarted(reason: unknown): OperationResult {
  return failedOperation(`the module process could not be started: ${toMessage(reason)}`);
}

type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

function waitForEnd(child: ChildProcess): Promise<Ending> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** What carries modules out, for those that ask for it. */
export type RunsModules = Pick<ModuleHost, 'prepare' | 'run' | 'close'>;

export class ModuleHost {
  #spare: { readonly child: ChildProcess; readonly timer: NodeJS.Timeout } | null = null;
  readonly #running = new Set<ChildProcess>();
  readonly #modules: ModuleTable;
  readonly #withheld: readonly string[];

  /** @param withheld real paths of folders whose files no module opens. */
  constructor(modules: ModuleTable, withheld: readonly string[] = []) {
    this.#modules = modules;
    this.#withheld = withheld;
  }

  /** A module that is not here needs nothing: its process says so. */
  async #rightsOf(module: string, parameters: unknown): Promise<ModuleRights> {
    const spec = await findModule(this.#modules, module)?.loadSpec();
    return { needs: spec?.needs(parameters) ?? [], withheld: this.#withheld };
  }

  /** Starts a process ahead of a request that is likely to come, so that the request does not wait for it to load. */
  prepare(): void {
    if (this.#spare !== null) return;
    let child: ChildProcess;
    try {
      child = startProcess();
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

  #takeProcess(): ChildProcess {
    if (this.#spare === null) return startProcess();
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
  ): Promise<OperationResult> {
    let child: ChildProcess;
    try {
      child = this.#takeProcess();
    } catch (error) {
      return notStarted(error);
    }
    this.#running.add(child);
    let killed: 'time' | 'cancelled' | null = null;
    const killAfter = (reason: 'time' | 'cancelled', delayMs: number): NodeJS.Timeout =>
      setTimeout(() => {
        killed ??= reason;
        child.kill('SIGKILL');
      }, delayMs);
    const timers = [killAfter('time', limits.seconds * 1000 + graceMs)];
    const cancel = (): void => {
      child.kill('SIGTERM');
      timers.push(killAfter('cancelled', graceMs));
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const request: ModuleRequest = { module, parameters, limits, protection };
      const ended = waitForEnd(child);
      // Awaited below; a process that could not be started must not be an unhandled rejection until then.
      ended.catch(() => {});
      if (child.pid === undefined) return await ended.then(({ code }) => notStarted(code), notStarted);
      const rights = await this.#rightsOf(module, parameters);
      child.stdin?.end(`${JSON.stringify(rights)}\n${JSON.stringify(request)}`);
      const output = await readBounded(
        child.stdio[outcomeDescriptor] as Readable,
        limits.resultBytes + outcomeSlackBytes,
      );
      if (killed === 'time')
        return failedOperation(`the module did not end within ${limits.seconds} s and was killed`, 'time');
      if (output === null) return failedOperation(`the result is over ${limits.resultBytes} bytes`, 'result-size');
      if (output.length > 0) return toOperationResult(output, limits);
      const ending = await ended;
      if (signal?.aborted === true) return cancelledOperation();
      return toFailedOperation(ending, limits);
    } catch (error) {
      return failedOperation(`the module process could not be run: ${toMessage(error)}`);
    } finally {
      signal?.removeEventListener('abort', cancel);
      for (const timer of timers) clearTimeout(timer);
      child.kill('SIGKILL');
      this.#running.delete(child);
    }
  }

  /** Ends every process at once; what ran is reported as interrupted after the next start. */
  close(): void {
    this.#dropSpare();
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

/** How V8 and C++ end a process that gets no more memory, and how the kernel does. */
const memorySignals: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGTRAP', 'SIGILL', 'SIGABRT', 'SIGKILL']);

function outOfMemory({ memoryMiB }: ModuleLimits, detail: string): OperationResult {
  return failedOperation(
    `the module needed more memory than there was, and it may have ${memoryMiB} MiB${detail}`,
    'memory',
  );
}

/** It ended without a word. */
function toFailedOperation({ code, signal }: Ending, limits: ModuleLimits): OperationResult {
  if (memorySignals.has(signal)) return outOfMemory(limits, `, or has a defect: its process ended by ${signal}`);
  return failedOperation(`the module process ended without an answer (${signal ?? `exit code ${code}`})`);
}

function toOperationResult(output: Buffer, limits: ModuleLimits): OperationResult {
  let value: unknown;
  try {
    value = parseJson(output, { ...boundsOf(limits.resultBytes + outcomeSlackBytes), maxDepth: 64 });
  } catch (error) {
    return failedOperation(`the module process gave an answer that is not taken: ${toMessage(error)}`, 'result-size');
  }
  const outcome = ModuleOutcome.safeParse(value);
  if (!outcome.success) return failedOperation('the module process gave an answer of another form than agreed');
  switch (outcome.data.kind) {
    case 'result':
      return outcome.data.result;
    case 'out-of-memory':
      return outOfMemory(limits, '');
    case 'threw':
      return failedOperation(outcome.data.message);
  }
}
