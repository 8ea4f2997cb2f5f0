/** Statements on the outbox: what the broker has not confirmed yet, to run a command or to cancel it. */
import { sql } from 'kysely';
import type { ActionId, AgentId, CommandId } from '../../protocol/identifiers.ts';
import type { Db, Tx } from './schema.ts';

/** Entries that are leased at a time and published together: few enough that all are out long before the lease ends. */
export const leaseBatch = 500;

/** When a lease that begins now ends: until then nobody else takes the command. What is then sent twice is run once. */
export const leaseEnd = sql`now() + interval '10 seconds'`;

export interface OutboxEntry {
  readonly command: CommandId;
  readonly agent: AgentId;
  readonly action: ActionId;
  readonly kind: 'run' | 'cancel';
}

/**
 * Puts the commands of these agents that are queued and nowhere on their way (the broker had no queue for them) back in.
 * Without the lock, one that is being recorded as sent would be seen as queued and already gone from the outbox.
 */
export async function insertStranded(tx: Tx, agents: readonly AgentId[]): Promise<boolean> {
  const result = await sql`
    INSERT INTO outbox (command)
    SELECT commands.id FROM commands JOIN actions ON actions.id = commands.action
    WHERE commands.state = 'queued' AND actions.expireafter > now() AND commands.agent IN (${sql.join(agents)})
    FOR SHARE OF commands SKIP LOCKED
    ON CONFLICT DO NOTHING
    RETURNING command`.execute(tx);
  return result.rows.length > 0;
}

/** Leases a batch of what is due to the caller. */
export async function leaseDue(db: Db): Promise<readonly OutboxEntry[]> {
  const leased = await sql<OutboxEntry>`
    WITH due AS (
      SELECT command FROM outbox WHERE leaseduntil IS NULL OR leaseduntil < now()
      ORDER BY leaseduntil NULLS FIRST LIMIT ${leaseBatch} FOR UPDATE SKIP LOCKED
    ), leased AS (
      UPDATE outbox SET leaseduntil = ${leaseEnd} FROM due WHERE outbox.command = due.command
      RETURNING outbox.command, outbox.kind
    )
    SELECT commands.id AS command, commands.agent, commands.action, leased.kind
    FROM leased JOIN commands ON commands.id = leased.command`.execute(db);
  return leased.rows;
}

/** Gives leases back at once, and tells all publishers. */
export async function releaseLeases(db: Db, commands: readonly CommandId[]): Promise<void> {
  if (commands.length === 0) return;
  await db.updateTable('outbox').set({ leaseduntil: null }).where('command', 'in', commands).execute();
  await sql`SELECT pg_notify('mig_outbox', '')`.execute(db);
}

export async function deleteFromOutbox(tx: Tx, commands: readonly CommandId[]): Promise<void> {
  if (commands.length === 0) return;
  await tx.deleteFrom('outbox').where('command', 'in', commands).execute();
}

/** The broker has taken these cancellations, or there is no queue that holds what they cancel. */
export async function deleteCancellations(db: Db, commands: readonly CommandId[]): Promise<void> {
  if (commands.length === 0) return;
  await db.deleteFrom('outbox').where('command', 'in', commands).where('kind', '=', 'cancel').execute();
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
