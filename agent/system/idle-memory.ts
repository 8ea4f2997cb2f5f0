/** Gives memory back to the system when nothing has happened for a while: starting and answering need more of it than waiting. */
import type { Log } from '../../host/log.ts';
import { releaseIdleMemory } from '../../native/own-process.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';

/** V8 shrinks its heap after 8 s without work (`--gc-memory-reducer-start-delay-ms`); this comes after it. */
const quietMs = 20_000;

export class IdleMemory {
  readonly #log: Log;
  #timer: NodeJS.Timeout | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Something happens: from here on it is counted anew. */
  touch(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#release(), quietMs);
    this.#timer.unref();
  }

  #release(): void {
    try {
      releaseIdleMemory();
    } catch (error) {
      // The native part could not be loaded: modules will say so, too; waiting goes on all the same.
      this.#log.warn({ reason: toMessage(error) }, 'could not give memory back');
    }
  }
}
