/**
 * How often the handling of a message was begun, across the ends of servers. A message that ends the process each time
 * comes back each time: what has begun three times without an end is not looked into again.
 */
import { sql } from 'kysely';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import type { Db } from '../database/schema.ts';

const maximumAttempts = 3;

export class Attempts {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** @returns whether it may be looked into; to be called before that. */
  async begin(message: Buffer): Promise<boolean> {
    // Whatever else has become of a message, it is on no broker any more.
    await sql`DELETE FROM intake_attempts WHERE latest < now() - interval '30 days'`.execute(this.#db);
    const { rows } = await sql<{ attempts: number }>`
      INSERT INTO intake_attempts AS known (digest, attempts) VALUES (${sha256Hex(message)}, 1)
      ON CONFLICT (digest) DO UPDATE SET attempts = known.attempts + 1, latest = now()
      RETURNING attempts`.execute(this.#db);
    return (rows[0]?.attempts ?? 1) <= maximumAttempts;
  }

  /** It was handled, in whichever way. */
  async end(message: Buffer): Promise<void> {
    await sql`DELETE FROM intake_attempts WHERE digest = ${sha256Hex(message)}`.execute(this.#db);
  }
}
