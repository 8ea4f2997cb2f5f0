/** Ends the open commands of an action when its time is over: one timer, set to the next action that ends. */
import { sql } from 'kysely';
import { toMessage } from '../../protocol/base/coded-error.ts';
import { findNextExpiry, listOverdueActions, lockActions, markExpired } from '../database/actions.ts';
import { expireCommands } from '../database/commands.ts';
import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';

const maximumTimerMs = 0x7fff_ffff;
const retryMs = 1000;
/** After a notification: lets the dispatch of the new action go first, and many new actions cost one look. */
const courtesyMs = 500;

export class ExpiryClock {
  readonly #database: Database;
  readonly #log: Log;
  #working: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
    database.notifications.on('mig_created', () => this.#wakeSoon());
  }

  #wakeSoon(): void {
    if (this.#soon !== undefined || this.#closed) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      this.wake();
    }, courtesyMs);
  }

  /** Expires what is overdue and sets the timer anew; many calls at once cost one look. */
  wake(): void {
    this.#again = true;
    if (this.#working !== undefined || this.#closed) return;
    this.#working = this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer);
    let delayMs: number | null = null;
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#expireOverdue();
        const next = await findNextExpiry(this.#database.db);
        delayMs = next === null ? null : Math.min(Math.max(next.getTime() - Date.now(), 1), maximumTimerMs);
      }
    } catch (error) {
      this.#log.error({ reason: toMessage(error) }, 'actions not expired, will retry');
      delayMs = retryMs;
    }
    if (delayMs !== null && !this.#closed) this.#timer = setTimeout(() => this.wake(), delayMs);
  }

  async #expireOverdue(): Promise<void> {
    for (const id of await listOverdueActions(this.#database.db))
      await this.#database.db.transaction().execute(async (tx) => {
        await lockActions(tx, [id]);
        await expireCommands(tx, id);
        await sql`DELETE FROM outbox USING commands WHERE commands.id = outbox.command AND commands.action = ${id}`.execute(
          tx,
        );
        await markExpired(tx, id);
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    await this.#working;
    clearTimeout(this.#timer);
  }
}
