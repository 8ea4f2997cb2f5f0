/** Statements on actions: one row each, beside the row of its counts, which is also its lock. */
import { type Selectable, sql } from 'kysely';
import type * as z from 'zod';
import { type ActionsQuery, CommandState, Counts } from '../../protocol/api/api.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { toPage } from './page.ts';
import { prepared } from './prepared.ts';
import type { Db, Tables, Tx } from './schema.ts';

/**
 * Locks actions until the end of the transaction. Whoever changes their commands or adds reports calls this first: in
 * order of id, so that no two wait for each other.
 */
export async function lockActions(tx: Tx, ids: readonly ActionId[]): Promise<void> {
  await tx
    .selectFrom('action_counts')
    .select('action')
    .where('action', 'in', [...new Set(ids)])
    .orderBy('action')
    .forUpdate()
    .execute();
}

function summaries(db: Db) {
  return db
    .selectFrom('actions')
    .innerJoin('action_counts', 'action_counts.action', 'actions.id')
    .select([
      'actions.id',
      'actions.name',
      'actions.target',
      'actions.validfrom',
      'actions.expireafter',
      'actions.created',
      'actions.investigator',
      'queued',
      'sent',
      'running',
      'succeeded',
      'failed',
      'refused',
      'action_counts.expired',
      'action_counts.cancelled',
      'actions.cancelled as cancelledtime',
    ]);
}

export type SummaryRow = Awaited<ReturnType<typeof listActions>>['actions'][number];

/** LIKE's wildcards and its escape character stand for themselves. */
function toLikeText(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

/** Newest first, fewer than the limit when they are large. `before` is the id where the page before ended. */
export async function listActions(db: Db, search: z.infer<typeof ActionsQuery>) {
  const { limit, before, name, investigator, since, until } = search;
  let query = db
    .selectFrom('actions')
    .select(['actions.id', sql<number>`octet_length(actions.target) + octet_length(actions.name)`.as('sizebytes')])
    .orderBy('actions.sequence', 'desc')
    // One more than was asked for tells whether there are more.
    .limit(limit + 1);
  if (name !== undefined) query = query.where('actions.name', 'ilike', `%${toLikeText(name)}%`);
  if (investigator !== undefined) query = query.where('actions.investigator', '=', investigator);
  if (since !== undefined) query = query.where('actions.created', '>=', new Date(since));
  if (until !== undefined) query = query.where('actions.created', '<', new Date(until));
  if (before !== undefined)
    query = query.where('actions.sequence', '<', (eb) =>
      eb.selectFrom('actions').select('sequence').where('id', '=', before),
    );
  const candidates = await query.execute();
  const { ids } = toPage(candidates.slice(0, limit), limit);
  const actions =
    ids.length === 0
      ? []
      : await summaries(db).where('actions.id', 'in', ids).orderBy('actions.sequence', 'desc').execute();
  return { actions, next: ids.length < candidates.length ? (ids.at(-1) ?? null) : null };
}

export function findAction(db: Db, id: ActionId) {
  return summaries(db)
    .select(['payload', 'signatures', 'wrappedreplykey'])
    .where('actions.id', '=', id)
    .executeTakeFirst();
}

/** The part of an action that its commands carry; null when there is no such action. */
export async function findOutgoingAction(db: Db, id: ActionId) {
  const row = await db
    .selectFrom('actions')
    .select(['payload', 'signatures', 'expireafter'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { payload, signatures, expireafter } = row;
  return { envelope: { payload: Buffer.from(payload).toString('base64'), signatures }, expireafter };
}

export type CountsRow = Selectable<Tables['action_counts']>;

export function findCounts(db: Db, id: ActionId): Promise<CountsRow | undefined> {
  return db
    .selectFrom('action_counts')
    .modifyFront(prepared('find-counts'))
    .select(['action', ...CommandState.options])
    .where('action', '=', id)
    .executeTakeFirst();
}

/** Counts of all actions together: one row for each of them is read, none of their commands. */
export async function sumCounts(db: Db): Promise<Counts> {
  const row = await db
    .selectFrom('action_counts')
    .select((eb) => CommandState.options.map((state) => eb.fn.coalesce(eb.fn.sum<number>(state), eb.lit(0)).as(state)))
    .executeTakeFirstOrThrow();
  return Counts.parse(Object.fromEntries(CommandState.options.map((state) => [state, Number(row[state])])));
}

/** Actions that an agent that has just come up may still be asked. */
export function listLiveActions(tx: Tx) {
  const now = new Date();
  return tx
    .selectFrom('actions')
    .select(['id', 'fleet', 'target'])
    .where('expired', '=', false)
    .where('cancelled', 'is', null)
    .where('expireafter', '>', now)
    .orderBy('id')
    .execute();
}

/** When the next action ends whose commands have not been expired yet; null when there is none. */
export async function findNextExpiry(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('actions')
    .select((eb) => eb.fn.min('expireafter').as('next'))
    .where('expired', '=', false)
    .executeTakeFirst();
  return row?.next ?? null;
}

export async function listOverdueActions(db: Db): Promise<ActionId[]> {
  const rows = await db
    .selectFrom('actions')
    .select('id')
    .where('expired', '=', false)
    .where('expireafter', '<=', new Date())
    .execute();
  return rows.map((row) => row.id);
}

/** The first time counts. */
export async function markCancelled(tx: Tx, id: ActionId): Promise<void> {
  await tx
    .updateTable('actions')
    .set({ cancelled: new Date() })
    .where('id', '=', id)
    .where('cancelled', 'is', null)
    .execute();
}

export async function markExpired(tx: Tx, id: ActionId): Promise<void> {
  await tx.updateTable('actions').set({ expired: true }).where('id', '=', id).execute();
}
