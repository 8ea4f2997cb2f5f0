/** Statements on commands. All of them expect the action to be locked (see `lockActions`). */
import { type RawBuilder, sql } from 'kysely';
import type { ActionId, CommandId } from '../../protocol/base/identifiers.ts';
import { openStates } from './command-states.ts';
import type { Lease } from './outbox.ts';
import { prepared } from './prepared.ts';
import type { Db, Tx } from './schema.ts';

/** The ids as one value, read once: a subquery would be gone through for each row. */
function toArray(ids: readonly CommandId[]): RawBuilder<CommandId[]> {
  return sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;
}

/**
 * Records what the broker has taken in one statement: `sent` are in their agents' queues; `unroutable` have no queue yet
 * and stay queued. Both leave the outbox, after the commands have been locked: `insertStranded` goes the same way. What has
 * been put into the outbox anew, or leased anew, stays there.
 */
export async function recordSent(
  db: Db,
  action: ActionId,
  lease: Lease,
  sent: readonly CommandId[],
  unroutable: readonly CommandId[],
): Promise<void> {
  await sql`${prepared('record-sent')}
    WITH locked AS MATERIALIZED (
      SELECT action FROM action_counts WHERE action = ${action} FOR UPDATE
    ), moved AS (
      UPDATE commands SET state = 'sent'
      WHERE id = ANY (${toArray(sent)})
        AND state = 'queued' AND EXISTS (SELECT FROM locked)
      RETURNING id
    )
    DELETE FROM outbox
    WHERE kind = 'run' AND leaseduntil = ${lease}::timestamptz AND command = ANY (${toArray([...sent, ...unroutable])})
      AND (SELECT count(*) FROM moved) >= 0`.execute(db);
}

/** Ends what is open when the time of an action is over: as cancelled where that was asked for and not confirmed. */
export async function expireCommands(tx: Tx, action: ActionId): Promise<void> {
  await sql`
    UPDATE commands SET state = CASE WHEN actions.cancelled IS NULL THEN 'expired' ELSE 'cancelled' END
    FROM actions
    WHERE actions.id = ${action} AND commands.action = actions.id AND commands.state IN (${sql.join(openStates)})`.execute(
    tx,
  );
}

/**
 * Has agents told to stop. Commands that no agent works on end at once: those that wait here, and those of agents that are away,
 * which are told when they come back.
 */
export async function cancelCommands(tx: Tx, action: ActionId): Promise<void> {
  await sql`
    INSERT INTO outbox (command, kind)
    SELECT id, 'cancel' FROM commands WHERE action = ${action} AND state IN (${sql.join(openStates)})
    ON CONFLICT (command) DO UPDATE SET kind = 'cancel', leaseduntil = NULL`.execute(tx);
  await sql`
    UPDATE commands SET state = 'cancelled'
    WHERE action = ${action} AND (state = 'queued' OR state IN ('sent', 'running') AND NOT EXISTS (
      SELECT FROM agents_view WHERE agents_view.id = commands.agent AND agents_view.status = 'online'
    ))`.execute(tx);
}
