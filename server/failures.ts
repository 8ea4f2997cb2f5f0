/**
 * Failures of work that is tried again. Those of an outage of the database are one; other work is told of once a minute for
 * itself. A log that has two lines a second hides what matters.
 */
import { explainConnection } from '../host/connection-problem.ts';
import type { Log } from '../host/log.ts';
import { OutageLog } from '../host/outage-log.ts';
import { toMessage } from '../protocol/base/coded-error.ts';
import { databaseSettings, isOutage } from './database/errors.ts';

/** Work that is tried again until it succeeds. */
export interface RetriedWork {
  readonly failed: (error: unknown) => void;
  readonly worked: () => void;
}

export class Failures {
  readonly #log: Log;
  readonly #database: OutageLog;

  constructor(log: Log) {
    this.#log = log;
    this.#database = new OutageLog(log, { lost: 'database cannot be reached', back: 'database is back' });
  }

  databaseLost(error: unknown): void {
    this.#database.failed({ ...explainConnection(error, databaseSettings) });
  }

  databaseBack(): void {
    this.#database.recovered();
  }

  /** @param lost `outbox not readable, will retry` */
  ofWork(lost: string, back: string): RetriedWork {
    const outage = new OutageLog(this.#log, { lost, back });
    return {
      failed: (error) => {
        if (isOutage(error)) this.databaseLost(error);
        else outage.failed({ reason: toMessage(error) });
      },
      worked: () => outage.recovered(),
    };
  }

  /** For work that nobody tries again. */
  report(error: unknown, consequence: string, about: Readonly<Record<string, string>> = {}): void {
    if (isOutage(error)) this.databaseLost(error);
    else this.#log.error({ ...about, reason: toMessage(error) }, consequence);
  }
}
