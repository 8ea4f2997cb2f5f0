/** Statements on challenges and sessions. */
import type { Fingerprint } from '../../protocol/identifiers.ts';
import type { Db } from './schema.ts';

export async function insertChallenge(
  db: Db,
  row: { readonly challenge: string; readonly fingerprint: Fingerprint; readonly expires: Date },
): Promise<void> {
  await db.deleteFrom('challenges').where('expires', '<', new Date()).execute();
  await db.insertInto('challenges').values(row).execute();
}

/** Takes a challenge out for good; null when it is unknown, used or too old. */
export async function takeChallenge(db: Db, challenge: string): Promise<Fingerprint | null> {
  const row = await db
    .deleteFrom('challenges')
    .where('challenge', '=', challenge)
    .returning(['fingerprint', 'expires'])
    .executeTakeFirst();
  return row === undefined || row.expires < new Date() ? null : row.fingerprint;
}

export interface SessionRow {
  readonly tokenhash: string;
  readonly fingerprint: Fingerprint;
  readonly investigator: string;
  readonly expires: Date;
}

export async function insertSession(db: Db, row: SessionRow): Promise<void> {
  await db.deleteFrom('sessions').where('expires', '<', new Date()).execute();
  await db.insertInto('sessions').values(row).execute();
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
