/** Statements on agents. */
import { type RawBuilder, sql } from 'kysely';
import type { Heartbeat } from '../../protocol/agent-message.ts';
import type { AgentId } from '../../protocol/identifiers.ts';
import type { Db, Tx } from './schema.ts';

/** Of these agents, those that were known and not offline before. */
export async function findPresent(tx: Tx, ids: readonly AgentId[]): Promise<Set<AgentId>> {
  const rows = await tx
    .selectFrom('agents_view')
    .select('id')
    .where('id', 'in', ids)
    .where('status', '<>', 'offline')
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** Writes what the heartbeats say, unless a later one is there already. At most one heartbeat per agent. */
export async function upsertAgents(tx: Tx, heartbeats: readonly Heartbeat[]): Promise<void> {
  const received = new Date();
  const rows = heartbeats
    .map(({ agent, publickey, fleet, facts, starttime, time }) => ({
      id: agent,
      publickey,
      fleet,
      ...facts,
      environment: JSON.stringify(facts.environment),
      tags: JSON.stringify(facts.tags),
      starttime: new Date(starttime),
      heartbeattime: received,
      signedtime: new Date(time),
    }))
    // The same order everywhere, so that two servers do not wait for each other's rows.
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  await tx
    .insertInto('agents')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({
          fleet: eb.ref('excluded.fleet'),
          name: eb.ref('excluded.name'),
          queueloc: eb.ref('excluded.queueloc'),
          mode: eb.ref('excluded.mode'),
          version: eb.ref('excluded.version'),
          environment: eb.ref('excluded.environment'),
          tags: eb.ref('excluded.tags'),
          starttime: eb.ref('excluded.starttime'),
          heartbeattime: eb.ref('excluded.heartbeattime'),
          signedtime: eb.ref('excluded.signedtime'),
        }))
        .whereRef('excluded.signedtime', '>=', 'agents.signedtime'),
    )
    .execute();
}

export async function listAgents(db: Db, target: RawBuilder<boolean>, limit: number, after: AgentId | undefined) {
  let page = db.selectFrom('agents_view').selectAll().where(target).orderBy('id').limit(limit);
  if (after !== undefined) page = page.where('id', '>', after);
  const total = await db
    .selectFrom('agents_view')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where(target)
    .executeTakeFirstOrThrow();
  const agents = limit === 0 ? [] : await page.execute();
  return { agents, total: Number(total.total) };
}

/** The least that a database must answer. */
export async function ping(db: Db): Promise<void> {
  await sql`SELECT 1`.execute(db);
}
