/** Statements on the outbox: what the broker has not confirmed yet, to run a command or to cancel it. */
import { type RawBuilder, sql } from 'kysely';
import type { ActionId, AgentId, CommandId } from '../../protocol/base/identifiers.ts';
import { openStates } from './command-states.ts';
import { prepared } from './prepared.ts';
import type { Db, Tx } from './schema.ts';

/** Entries that are leased at a time and published together: few enough that all are out long before the lease ends. */
export const leaseBatch = 500;

/** When a lease that begins now ends: until then nobody else takes the command. What is then sent twice is run once. */
export const leaseEnd = sql`now() + interval '10 seconds'`;

/** When it ends, as PostgreSQL writes it: whoever records what became of an entry says under which lease it was sent. */
export type Lease = string;

export interface OutboxEntry {
  readonly command: CommandId;
  readonly agent: AgentId;
  readonly action: ActionId;
  readonly kind: 'run' | 'cancel';
  /** One for all of a batch. */
  readonly lease: Lease;
}

/**
 * Puts the commands of these agents that are queued and nowhere on their way (the broker had no queue for them) back in.
 * Without the lock, one that is being recorded as sent would be seen as queued and already gone from the outbox.
 */
export async function insertStranded(tx: Tx, agents: readonly AgentId[]): Promise<boolean> {
  const result = await sql`${prepared('insert-stranded')}
    INSERT INTO outbox (command)
    SELECT commands.id FROM commands JOIN actions ON actions.id = commands.action
    WHERE commands.state = 'queued' AND actions.expireafter > now() AND commands.agent = ANY (${agents}::text[])
    FOR SHARE OF commands SKIP LOCKED
    ON CONFLICT DO NOTHING
    RETURNING command`.execute(tx);
  return result.rows.length > 0;
}

/**
 * For agents whose connection to the broker is a new one: a command that was on its way over another, and is not reported, may be
 * lost with it, so it is sent again under a new lease. An agent that has it already runs it no second time.
 */
export async function insertUnreported(tx: Tx, agents: readonly AgentId[]): Promise<boolean> {
  if (agents.length === 0) return false;
  const result = await sql`
    INSERT INTO outbox (command, kind)
    SELECT commands.id, CASE WHEN actions.cancelled IS NULL THEN 'run' ELSE 'cancel' END
    FROM actions JOIN commands ON commands.action = actions.id
    WHERE NOT actions.expired AND actions.expireafter > now()
      AND commands.agent IN (${sql.join(agents)}) AND commands.state IN (${sql.join(openStates)})
    ON CONFLICT (command) DO UPDATE SET kind = excluded.kind, leaseduntil = NULL
    RETURNING command`.execute(tx);
  return result.rows.length > 0;
}

/** Leases a batch of what is due to the caller. */
export async function leaseDue(db: Db): Promise<readonly OutboxEntry[]> {
  const leased = await sql<OutboxEntry>`${prepared('lease-due')}
    WITH due AS (
      SELECT command FROM outbox WHERE leaseduntil IS NULL OR leaseduntil < now()
      ORDER BY leaseduntil NULLS FIRST LIMIT ${leaseBatch} FOR UPDATE SKIP LOCKED
    ), leased AS (
      UPDATE outbox SET leaseduntil = ${leaseEnd} FROM due WHERE outbox.command = due.command
      RETURNING outbox.command, outbox.kind, outbox.leaseduntil::text AS lease
    )
    SELECT commands.id AS command, commands.agent, commands.action, leased.kind, leased.lease
    FROM leased JOIN commands ON commands.id = leased.command`.execute(db);
  return leased.rows;
}

/** Gives leases back at once, and tells all publishers. */
export async function releaseLeases(db: Db, commands: readonly CommandId[]): Promise<void> {
  if (commands.length === 0) return;
  await db.updateTable('outbox').set({ leaseduntil: null }).where('command', 'in', commands).execute();
  await sql`SELECT pg_notify('mig_outbox', '')`.execute(db);
}

/** The broker has taken these cancellations, or there is no queue that holds what they cancel. */
export async function deleteCancellations(db: Db, lease: Lease, commands: readonly CommandId[]): Promise<void> {
  if (commands.length === 0) return;
  await db
    .deleteFrom('outbox')
    .where('command', 'in', commands)
    .where('kind', '=', 'cancel')
    .where(isLeased(lease))
    .execute();
}

function isLeased(lease: Lease): RawBuilder<boolean> {
  return sql`leaseduntil = ${lease}::timestamptz`;
}

export async function countOutbox(db: Db): Promise<number> {
  const row = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** When the next lease of another ends; null when the outbox is empty. */
export async function findNextLease(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.min('leaseduntil').as('next'))
    .executeTakeFirst();
  return row?.next ?? null;
}
