/** Ends a module process at its time limit, or when it ignores a cancellation. */
import type { ChildProcess } from 'node:child_process';
import { graceMs } from './module-request.ts';

/** How long a killed process may take to end; then the kernel holds it: a read that a disk, a server or FUSE never answers. */
export const endMs = 1000;

export type KillReason = 'time' | 'cancelled';

export class ProcessKiller {
  readonly #child: ChildProcess;
  readonly #signal: AbortSignal | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #stuck = Promise.withResolvers<'stuck'>();
  #reason: KillReason | null = null;

  /** @param signal asks the process to end; it is killed when it does not. */
  constructor(child: ChildProcess, seconds: number, signal: AbortSignal | undefined) {
    this.#child = child;
    this.#signal = signal;
    this.#killAfter('time', seconds * 1000 + graceMs);
    signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  /** Why the process was killed first; null when it was not. */
  get reason(): KillReason | null {
    return this.#reason;
  }

  get isCancelled(): boolean {
    return this.#signal?.aborted === true;
  }

  /** Resolves when the process was killed but has not ended in time. */
  get stuck(): Promise<'stuck'> {
    return this.#stuck.promise;
  }

  stop(): void {
    this.#signal?.removeEventListener('abort', this.#cancel);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  readonly #cancel = (): void => {
    this.#child.kill('SIGTERM');
    this.#killAfter('cancelled', graceMs);
  };

  #killAfter(reason: KillReason, delayMs: number): void {
    const kill = (): void => {
      this.#reason ??= reason;
      this.#child.kill('SIGKILL');
      this.#timers.push(setTimeout(() => this.#stuck.resolve('stuck'), endMs));
    };
    this.#timers.push(setTimeout(kill, delayMs));
  }
}
