/** Applies the retention from time to time; on several servers, one of them at a time. */

import type { Log } from '../host/log.ts';
import type { Database } from './database/database.ts';
import { applyRetention } from './database/housekeeping.ts';
import type { Failures } from './failures.ts';
import type { Retention } from './settings.ts';

/** Housekeeping begins after the first minutes, when there is less to do. */
const firstMs = 5 * 60_000;
const everyMs = 3_600_000;

export class Housekeeper {
  readonly #database: Database;
  readonly #retention: Retention;
  readonly #failures: Failures;
  readonly #log: Log;
  #timer: NodeJS.Timeout;
  #working: Promise<void> = Promise.resolve();

  constructor(database: Database, retention: Retention, failures: Failures, log: Log) {
    this.#database = database;
    this.#retention = retention;
    this.#failures = failures;
    this.#log = log;
    this.#timer = this.#schedule(firstMs);
  }

  #schedule(delayMs: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#working = this.#work();
      this.#timer = this.#schedule(everyMs);
    }, delayMs);
    return timer.unref();
  }

  async #work(): Promise<void> {
    try {
      const actions = await applyRetention(this.#database.db, this.#retention);
      if (actions !== null && actions > 0) this.#log.info({ actions }, 'old actions deleted');
    } catch (error) {
      this.#failures.report(error, 'retention not applied, will retry');
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#working;
  }
}
