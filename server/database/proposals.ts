/** Statements on proposals: actions that wait for more signatures. */
import { type Insertable, sql } from 'kysely';
import type { ActionId, Fingerprint } from '../../protocol/base/identifiers.ts';
import { toPage } from './page.ts';
import type { Db, Tables, Tx } from './schema.ts';

export type NewProposal = Omit<Insertable<Tables['proposals']>, 'sequence' | 'created'>;

export interface NewSignature {
  readonly proposal: ActionId;
  readonly fingerprint: Fingerprint;
  readonly investigator: string;
  readonly signature: string;
}

/** @returns whether it is new. */
export async function insertProposal(tx: Tx, proposal: NewProposal): Promise<boolean> {
  const result = await tx
    .insertInto('proposals')
    .values(proposal)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** One signature per key: the latest. */
export async function upsertSignatures(db: Db, signatures: readonly NewSignature[]): Promise<void> {
  if (signatures.length === 0) return;
  await db
    .insertInto('proposal_signatures')
    .values(signatures)
    .onConflict((conflict) =>
      conflict.columns(['proposal', 'fingerprint']).doUpdateSet((eb) => ({ signature: eb.ref('excluded.signature') })),
    )
    .execute();
}

function live(db: Db) {
  return db
    .selectFrom('proposals')
    .leftJoin('actions', 'actions.id', 'proposals.id')
    .select(['proposals.id', 'proposals.name', 'proposals.target', 'proposals.validfrom', 'proposals.expireafter'])
    .select(['proposals.created', 'proposals.investigator'])
    .select((eb) => eb('actions.id', 'is not', null).as('launched'))
    .where('proposals.expireafter', '>', new Date());
}

export type ProposalRow = Awaited<ReturnType<typeof listProposals>>['proposals'][number];

/** Newest first, fewer than the limit when they are large. `before` is the id where the page before ended. */
export async function listProposals(db: Db, limit: number, before: ActionId | undefined) {
  let query = db
    .selectFrom('proposals')
    .select(['id', sql<number>`octet_length(target) + octet_length(name)`.as('sizebytes')])
    .where('expireafter', '>', new Date())
    .orderBy('sequence', 'desc')
    .limit(limit);
  if (before !== undefined)
    query = query.where('proposals.sequence', '<', (eb) =>
      eb.selectFrom('proposals').select('sequence').where('id', '=', before),
    );
  const { ids, next } = toPage(await query.execute(), limit);
  const proposals =
    ids.length === 0
      ? []
      : await live(db).where('proposals.id', 'in', ids).orderBy('proposals.sequence', 'desc').execute();
  return { proposals, next };
}

export function findProposal(db: Db, id: ActionId) {
  return live(db)
    .select(['proposals.payload', 'proposals.wrappedreplykey'])
    .where('proposals.id', '=', id)
    .executeTakeFirst();
}

/** The bytes that were proposed with this id, whether the proposal is over or not. */
export async function findProposedBytes(db: Db, id: ActionId): Promise<Uint8Array | undefined> {
  const row = await db.selectFrom('proposals').select('payload').where('id', '=', id).executeTakeFirst();
  return row?.payload;
}

export async function listSignatures(db: Db, proposals: readonly ActionId[]): Promise<NewSignature[]> {
  if (proposals.length === 0) return [];
  return db
    .selectFrom('proposal_signatures')
    .selectAll()
    .where('proposal', 'in', proposals)
    .orderBy('fingerprint')
    .execute();
}

export async function deleteProposal(db: Db, id: ActionId): Promise<void> {
  await db.deleteFrom('proposals').where('id', '=', id).execute();
}
