/** The statements that bring actions and agents together: commands come from here alone. */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ActionId, AgentId, CommandId } from '../../protocol/base/identifiers.ts';
import { type Lease, leaseBatch, leaseEnd } from './outbox.ts';
import type { Tables, Tx } from './schema.ts';

export type StoredAction = Omit<Selectable<Tables['actions']>, 'sequence' | 'created' | 'expired' | 'cancelled'>;

export interface QueuedCommand {
  readonly id: CommandId;
  readonly agent: AgentId;
  readonly lease: Lease;
}

export interface Dispatched {
  /** Commands that were written. */
  readonly count: number;
  /** Those that the caller has to publish. */
  readonly leased: readonly QueuedCommand[];
}

/** Any number that no other lock on the same database uses; "migd" in ASCII. */
const dispatchLock = sql.lit(0x6d696764);

/** As `commandIdOf` computes it, for many agents at once. */
function commandIdSql(action: ActionId): RawBuilder<CommandId> {
  return sql`substr(encode(sha256(convert_to(${action}::text || ':' || agents_view.id, 'UTF8')), 'hex'), 1, 32)`;
}

/**
 * Writes an action, a command for every agent that fits, and places in the outbox for those whose agents are online: the
 * others wait here, where nothing is lost, until their agents are heard. The first are leased to the caller, who publishes
 * them after the commit; the others are due. Null when the id is there already.
 * @param target from `compileTarget`.
 */
export async function dispatchAction(
  tx: Tx,
  action: StoredAction,
  target: RawBuilder<boolean>,
): Promise<Dispatched | null> {
  await excludeArrivals(tx);
  const { rows } = await sql<(QueuedCommand | { readonly id: null }) & { readonly count: number }>`
    WITH fresh AS (
      INSERT INTO actions (
        id, fleet, name, target, validfrom, expireafter, investigator, payload, signatures, wrappedreplykey
      ) VALUES (
        ${action.id}, ${action.fleet}, ${action.name}, ${action.target}, ${action.validfrom}, ${action.expireafter},
        ${action.investigator}, ${action.payload}, ${JSON.stringify(action.signatures)}, ${action.wrappedreplykey}
      ) ON CONFLICT (id) DO NOTHING RETURNING id AS action
    ), queued AS (
      INSERT INTO commands (id, action, agent)
      SELECT ${commandIdSql(action.id)}, fresh.action, agents_view.id FROM fresh CROSS JOIN agents_view
      WHERE agents_view.fleet = ${action.fleet} AND ${target}
      RETURNING id, agent
    ), placed AS (
      INSERT INTO outbox (command, leaseduntil)
      SELECT queued.id, CASE WHEN row_number() OVER () <= ${leaseBatch} THEN ${leaseEnd} END
      FROM queued JOIN agents_view ON agents_view.id = queued.agent WHERE agents_view.status = 'online'
      RETURNING command, leaseduntil
    ), leased AS (
      SELECT queued.id, queued.agent, placed.leaseduntil::text AS lease
      FROM queued JOIN placed ON placed.command = queued.id AND leaseduntil IS NOT NULL
    )
    SELECT leased.id, leased.agent, leased.lease, (SELECT count(*)::integer FROM queued) AS count
    FROM fresh LEFT JOIN leased ON true`.execute(tx);
  const [first] = rows;
  return first === undefined ? null : { count: first.count, leased: rows.filter((row) => row.id !== null) };
}

/** See `lockArrivals`; before the statement, which then sees what was committed while it waited. */
export async function excludeArrivals(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(${dispatchLock})`.execute(tx);
}

/**
 * Locks out dispatch between writing agents that have come up and reading their actions. It waits for actions that are being
 * written or cancelled and lets none begin: each of the two sees the other, whichever commits first.
 */
export async function lockArrivals(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${dispatchLock})`.execute(tx);
}

/**
 * A command for each of these agents that is of the action's environment, fits and has none of this action yet. The action must be locked.
 * @param target from `compileTarget`.
 */
export async function insertCommands(
  tx: Tx,
  { id, fleet }: Pick<StoredAction, 'id' | 'fleet'>,
  target: RawBuilder<boolean>,
  agents: readonly AgentId[],
): Promise<void> {
  await tx
    .insertInto('commands')
    .columns(['id', 'action', 'agent'])
    .expression((eb) =>
      eb
        .selectFrom('agents_view')
        .select([commandIdSql(id).as('id'), sql<ActionId>`${id}::text`.as('action'), 'agents_view.id as agent'])
        .where('agents_view.fleet', '=', fleet)
        .where(target)
        .where('agents_view.id', 'in', agents),
    )
    .onConflict((conflict) => conflict.columns(['action', 'agent']).doNothing())
    .execute();
}
