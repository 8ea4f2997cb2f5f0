/** Statements on trust lists. */
import type { TrustEnvelope } from '../../protocol/trust-list.ts';
import type { Db } from './schema.ts';

/** The latest that came: whether it is good, and newer than what agents have, is for them to say. */
export async function putTrustList(db: Db, fleet: string, version: number, envelope: TrustEnvelope): Promise<void> {
  const json = JSON.stringify(envelope);
  await db
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
