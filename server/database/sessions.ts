/** Statements on sessions, and on the challenges that were used to begin them. */
import { sql } from 'kysely';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import type { Db } from './schema.ts';

/** The one that the instances share. @param made is kept when there is none yet. */
export async function findChallengeKey(db: Db, made: Buffer): Promise<Buffer> {
  await db
    .insertInto('challenge_key')
    .values({ key: made })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { key } = await db.selectFrom('challenge_key').select('key').executeTakeFirstOrThrow();
  return Buffer.from(key);
}

/** False when it has been used before. */
export async function useChallenge(db: Db, challenge: string, expires: Date): Promise<boolean> {
  await db.deleteFrom('used_challenges').where('expires', '<', new Date()).execute();
  const used = await db
    .insertInto('used_challenges')
    .values({ challenge, expires })
    .onConflict((conflict) => conflict.doNothing())
    .returning('challenge')
    .executeTakeFirst();
  return used !== undefined;
}

export interface SessionRow {
  readonly tokenhash: string;
  readonly fingerprint: Fingerprint;
  readonly investigator: string;
  readonly expires: Date;
}

/** False when the person may not log in with this key now: whoever disables somebody ends this session, or forbids it. */
export async function insertSession(db: Db, row: SessionRow): Promise<boolean> {
  const { tokenhash, fingerprint, expires } = row;
  await db.deleteFrom('sessions').where('expires', '<', new Date()).execute();
  const { rows } = await sql`
    INSERT INTO sessions (tokenhash, fingerprint, investigator, expires)
    SELECT ${tokenhash}, fingerprint, name, ${expires} FROM investigators
    WHERE fingerprint = ${fingerprint} AND name = ${row.investigator} AND NOT disabled
    FOR SHARE
    RETURNING tokenhash`.execute(db);
  return rows.length > 0;
}

export async function deleteSession(db: Db, tokenhash: string): Promise<void> {
  await db.deleteFrom('sessions').where('tokenhash', '=', tokenhash).execute();
}

/** Null when there is none or it has expired. */
export async function findSession(db: Db, tokenhash: string): Promise<SessionRow | null> {
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .where('tokenhash', '=', tokenhash)
    .where('expires', '>', new Date())
    .executeTakeFirst();
  return row ?? null;
}
