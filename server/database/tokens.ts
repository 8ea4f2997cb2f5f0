/** Statements on tokens of programs; the token itself is not kept. */
import { sql } from 'kysely';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import type { Db } from './schema.ts';

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly investigator: string;
  readonly created: Date;
  readonly expires: Date;
}

const columns = ['id', 'name', 'investigator', 'created', 'expires'] as const;

export interface NewToken extends Omit<TokenRow, 'created'> {
  readonly tokenhash: string;
  /** The key of the session that makes it; with another key of the same person it is worth nothing. */
  readonly fingerprint: Fingerprint;
}

/** Null when the person may not log in with this key any more. */
export async function insertToken(db: Db, row: NewToken): Promise<TokenRow | null> {
  const { id, tokenhash, name, investigator, fingerprint, expires } = row;
  await db.deleteFrom('tokens').where('expires', '<', new Date()).execute();
  const { rows } = await sql<TokenRow>`
    INSERT INTO tokens (id, tokenhash, name, investigator, fingerprint, expires)
    SELECT ${id}, ${tokenhash}, ${name}, investigators.name, fingerprint, ${expires} FROM investigators
    WHERE investigators.name = ${investigator} AND fingerprint = ${fingerprint} AND NOT disabled
    FOR SHARE
    RETURNING id, name, investigator, created, expires`.execute(db);
  return rows[0] ?? null;
}

/** Whose it is; null when there is none or it has expired. */
export async function findToken(
  db: Db,
  tokenhash: string,
): Promise<{ readonly fingerprint: Fingerprint; readonly expires: Date } | null> {
  const row = await db
    .selectFrom('tokens')
    .select(['fingerprint', 'expires'])
    .where('tokenhash', '=', tokenhash)
    .where('expires', '>', new Date())
    .executeTakeFirst();
  return row ?? null;
}

/** @param investigator undefined lists everybody's. */
export function listTokens(db: Db, investigator: string | undefined): Promise<TokenRow[]> {
  let tokens = db.selectFrom('tokens').select(columns).where('expires', '>', new Date()).orderBy('created', 'desc');
  if (investigator !== undefined) tokens = tokens.where('investigator', '=', investigator);
  return tokens.execute();
}

/** @param investigator undefined takes anybody's. @returns whether there was one. */
export async function deleteToken(db: Db, id: string, investigator: string | undefined): Promise<boolean> {
  let deletion = db.deleteFrom('tokens').where('id', '=', id);
  if (investigator !== undefined) deletion = deletion.where('investigator', '=', investigator);
  return (await deletion.executeTakeFirst()).numDeletedRows > 0n;
}
