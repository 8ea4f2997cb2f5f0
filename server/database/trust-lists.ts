/** Statements on trust lists. */
import { sql } from 'kysely';
import type { TrustEnvelope } from '../../protocol/trust/trust-list.ts';
import type { Db, Tx } from './schema.ts';

/** Until the end of the transaction nobody else puts one. */
export async function lockTrustLists(tx: Tx): Promise<void> {
  await sql`LOCK TABLE trust_lists IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
}

/** In place of the one that is there. */
export async function putTrustList(tx: Tx, fleet: string, version: number, envelope: TrustEnvelope): Promise<void> {
  const json = JSON.stringify(envelope);
  await tx
    .insertInto('trust_lists')
    .values({ fleet, version, envelope: json })
    .onConflict((conflict) => conflict.column('fleet').doUpdateSet({ version, envelope: json, received: new Date() }))
    .execute();
}

export function findTrustList(db: Db, fleet: string) {
  return db.selectFrom('trust_lists').selectAll().where('fleet', '=', fleet).executeTakeFirst();
}

/** Version by fleet. */
export async function listTrustVersions(db: Db): Promise<Map<string, number>> {
  const rows = await db.selectFrom('trust_lists').select(['fleet', 'version']).execute();
  return new Map(rows.map(({ fleet, version }) => [fleet, version]));
}
