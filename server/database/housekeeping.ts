/** Takes away what is older than its operator wants it kept. */
import { sql } from 'kysely';
import type { Retention } from '../settings.ts';
import type { Db, Tx } from './schema.ts';

/** Any number that no other lock on the same database uses; "migh" in ASCII. */
const housekeepingLock = sql.lit(0x6d696768);
/** Actions per transaction: each takes all its commands and reports with it. */
const actionsPerTurn = 50;
const dayMs = 86_400_000;

/** False when another server is at it. */
async function takeLock(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean;
  }>`SELECT pg_try_advisory_xact_lock(${housekeepingLock}) AS taken`.execute(tx);
  return rows[0]?.taken === true;
}

async function deleteOldActions(tx: Tx, before: Date): Promise<number> {
  const { rows } = await sql`
    DELETE FROM actions WHERE id IN (
      SELECT id FROM actions WHERE expired AND expireafter < ${before} ORDER BY expireafter LIMIT ${actionsPerTurn}
    ) RETURNING id`.execute(tx);
  return rows.length;
}

async function deleteOther(tx: Tx, agentsBefore: Date): Promise<void> {
  const now = new Date();
  await tx.deleteFrom('agents').where('heartbeattime', '<', agentsBefore).execute();
  await tx
    .deleteFrom('agent_instances')
    .where('heartbeattime', '<', new Date(now.getTime() - dayMs))
    .execute();
  for (const table of ['sessions', 'used_challenges', 'tokens'] as const)
    await tx.deleteFrom(table).where('expires', '<', now).execute();
  await tx.deleteFrom('proposals').where('expireafter', '<', now).execute();
}

/**
 * Actions go with their commands and reports; agents that have not been heard go, and their reports stay with the action.
 * @returns how many actions were deleted; null when another server is at it.
 */
export async function applyRetention(db: Db, { actionDays, agentDays }: Retention): Promise<number | null> {
  const nowMs = Date.now();
  let deleted = 0;
  for (;;) {
    const count = await db.transaction().execute(async (tx) => {
      if (!(await takeLock(tx))) return null;
      const actions = await deleteOldActions(tx, new Date(nowMs - actionDays * dayMs));
      if (actions < actionsPerTurn) await deleteOther(tx, new Date(nowMs - agentDays * dayMs));
      return actions;
    });
    if (count === null) return null;
    deleted += count;
    if (count < actionsPerTurn) return deleted;
  }
}
