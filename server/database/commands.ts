/** Statements on commands. All of them expect the action to be locked (see `lockActions`). */
import { sql } from 'kysely';
import type { CommandState } from '../../protocol/api.ts';
import type { ActionId, CommandId } from '../../protocol/identifiers.ts';
import type { Db, Tx } from './schema.ts';

export const openStates = ['queued', 'sent', 'running'] as const satisfies readonly CommandState[];

/** What the database knows of these commands, with their actions locked (as by `lockActions`). */
export function lockCommands(tx: Tx, ids: readonly CommandId[]) {
  return tx
    .selectFrom('commands')
    .innerJoin('action_counts', 'action_counts.action', 'commands.action')
    .select(['commands.id', 'commands.action', 'commands.agent', 'commands.state'])
    .where('commands.id', 'in', ids)
    .orderBy('commands.action')
    .forUpdate('action_counts')
    .execute();
}

/** Moves commands on; those that are in none of the states `from` stay as they are. */
export async function moveCommands(
  tx: Tx,
  ids: readonly CommandId[],
  from: readonly CommandState[],
  to: CommandState,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.updateTable('commands').set({ state: to }).where('id', 'in', ids).where('state', 'in', from).execute();
}

/**
 * Records what the broker has taken in one statement: `sent` are in their agents' queues; `unroutable` have no queue yet
 * and stay queued. Both leave the outbox, after the commands have been locked: `insertStranded` goes the same way.
 */
export async function recordSent(
  db: Db,
  action: ActionId,
  sent: readonly CommandId[],
  unroutable: readonly CommandId[],
): Promise<void> {
  await sql`
    WITH locked AS MATERIALIZED (
      SELECT action FROM action_counts WHERE action = ${action} FOR UPDATE
    ), moved AS (
      UPDATE commands SET state = 'sent'
      WHERE id IN (SELECT jsonb_array_elements_text(${JSON.stringify(sent)}::jsonb))
        AND state = 'queued' AND EXISTS (SELECT FROM locked)
      RETURNING id
    )
    DELETE FROM outbox
    WHERE command IN (SELECT jsonb_array_elements_text(${JSON.stringify([...sent, ...unroutable])}::jsonb))
      AND (SELECT count(*) FROM moved) >= 0`.execute(db);
}

export async function expireCommands(tx: Tx, action: ActionId): Promise<void> {
  await tx
    .updateTable('commands')
    .set({ state: 'expired' })
    .where('action', '=', action)
    .where('state', 'in', openStates)
    .execute();
}

/** For a broker that has forgotten everything: what was sent through it was not. */
export async function requeueSentCommands(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('commands').set({ state: 'queued' }).where('state', 'in', ['sent', 'running']).execute();
    await tx.deleteFrom('outbox').execute();
  });
}
