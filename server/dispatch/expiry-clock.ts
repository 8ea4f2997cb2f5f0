/** Ends the open commands of an action when its time is over: one timer, set to the next action that ends. */
import { sql } from 'kysely';
import { findNextExpiry, listOverdueActions, lockActions, markExpired } from '../database/actions.ts';
import { expireCommands } from '../database/commands.ts';
import type { Database } from '../database/database.ts';
import type { Failures } from '../failures.ts';
import { Waker } from './waker.ts';

/** After a notification: lets the dispatch of the new action go first, and many new actions cost one look. */
const courtesyMs = 500;

export class ExpiryClock {
  readonly #database: Database;
  readonly #waker: Waker;

  constructor(database: Database, failures: Failures) {
    this.#database = database;
    this.#waker = new Waker({
      look: async () => {
        await this.#expireOverdue();
        const next = await findNextExpiry(database.db);
        return next === null ? null : next.getTime() - Date.now();
      },
      work: failures.ofWork('actions not expired, will retry', 'actions are expired again'),
      courtesyMs,
    });
    database.notifications.on('mig_created', () => this.#waker.wakeSoon());
  }

  /** Expires what is overdue and sets the timer anew; many calls at once cost one look. */
  wake(): void {
    this.#waker.wake();
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

  close(): Promise<void> {
    return this.#waker.close();
  }
}
