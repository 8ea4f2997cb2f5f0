/** Statements on commands. All of them expect the action to be locked (see `lockActions`). */
import { type RawBuilder, sql } from 'kysely';
import type { CommandState } from '../../protocol/api/api.ts';
import type { ActionId, CommandId } from '../../protocol/base/identifiers.ts';
import { openStates } from './command-states.ts';
import type { Lease } from './outbox.ts';
import type { Db, Tx } from './schema.ts';

/** The rows of these commands, with their actions locked (as by `lockActions`). */
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

/** States that an agent can report. */
export type ReportedState = Exclude<CommandState, 'queued' | 'sent' | 'expired'>;

export interface StateChange {
  readonly id: CommandId;
  readonly state: ReportedState;
}

/**
 * Moves commands on by what their agents say, at most one move for each. A result is worth more than the reason why there
 * was none: it also comes after `refused`, `expired` and `cancelled`.
 */
export async function moveCommands(tx: Tx, moves: readonly StateChange[]): Promise<void> {
  if (moves.length === 0) return;
  await sql`
    UPDATE commands SET state = moves.state
    FROM jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) AS moves (id text, state text)
    WHERE commands.id = moves.id AND CASE moves.state
      WHEN 'running' THEN commands.state IN ('queued', 'sent')
      WHEN 'refused' THEN commands.state IN (${sql.join(openStates)})
      ELSE commands.state NOT IN ('succeeded', 'failed')
    END`.execute(tx);
}

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
  await sql`
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
