/** Statements on agents. */
import { type RawBuilder, sql } from 'kysely';
import type { Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import type { StatusLimits } from '../settings.ts';
import { toPage } from './page.ts';
import { prepared } from './prepared.ts';
import type { Db, Tx } from './schema.ts';

/** A heartbeat with the bytes that the agent signed. */
export interface SignedHeartbeat extends Heartbeat {
  readonly signed: Buffer;
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export type StoredAgent = Awaited<ReturnType<typeof selectKnown>>[number];

function selectKnown(tx: Tx, ids: readonly AgentId[]) {
  return tx
    .selectFrom('agents')
    .innerJoin('agents_view', 'agents_view.id', 'agents.id')
    .modifyFront(prepared('find-known'))
    .select(['agents.id', 'agents.name', 'agents.environment', 'agents.starttime', 'agents.heartbeattime'])
    .select(['signedtime', 'instance', 'link', 'status'])
    .where(sql<boolean>`agents.id = ANY (${ids}::text[])`)
    .execute();
}

/** The records of these agents. */
export async function findKnown(tx: Tx, ids: readonly AgentId[]): Promise<Map<AgentId, StoredAgent>> {
  return new Map((await selectKnown(tx, ids)).map((row) => [row.id, row]));
}

/** Writes what the heartbeats say, unless a later one is there already. At most one heartbeat per agent. */
export async function upsertAgents(tx: Tx, heartbeats: readonly SignedHeartbeat[]): Promise<void> {
  const received = new Date();
  const rows = heartbeats
    .map(({ agent, publickey, fleet, instance, facts, link, starttime, time, signed }) => ({
      id: agent,
      publickey,
      fleet,
      instance,
      ...facts,
      environment: JSON.stringify(facts.environment),
      tags: JSON.stringify(facts.tags),
      starttime: new Date(starttime),
      heartbeattime: received,
      signedtime: new Date(time),
      link,
      heartbeat: signed,
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
          instance: eb.ref('excluded.instance'),
          name: eb.ref('excluded.name'),
          queueloc: eb.ref('excluded.queueloc'),
          mode: eb.ref('excluded.mode'),
          version: eb.ref('excluded.version'),
          environment: eb.ref('excluded.environment'),
          tags: eb.ref('excluded.tags'),
          starttime: eb.ref('excluded.starttime'),
          heartbeattime: eb.ref('excluded.heartbeattime'),
          signedtime: eb.ref('excluded.signedtime'),
          link: eb.ref('excluded.link'),
          heartbeat: eb.ref('excluded.heartbeat'),
        }))
        .whereRef('excluded.signedtime', '>=', 'agents.signedtime'),
    )
    .execute();
}

/** Size of an agent's record: the facts are in its heartbeat. */
const agentBytes = sql<number>`coalesce(octet_length(agents.heartbeat), 0)`;

const listed = [
  'id',
  'name',
  'queueloc',
  'mode',
  'version',
  'environment',
  'tags',
  'starttime',
  'heartbeattime',
  'status',
] as const;

/**
 * In the order of their ids, fewer than the limit when their heartbeats are large.
 * @param fleet undefined lists those of all environments.
 */
export async function listAgents(
  db: Db,
  target: RawBuilder<boolean>,
  fleet: string | undefined,
  { limit, after }: { readonly limit: number; readonly after: AgentId | undefined },
) {
  let fitting = db.selectFrom('agents_view').where(target);
  if (fleet !== undefined) fitting = fitting.where('fleet', '=', fleet);
  let found = fitting.select('id').orderBy('id').limit(limit);
  if (after !== undefined) found = found.where('id', '>', after);
  const { total } = await fitting.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const candidates =
    limit === 0
      ? []
      : await db
          .selectFrom(found.as('found'))
          .innerJoin('agents', 'agents.id', 'found.id')
          .select(['agents.id', agentBytes.as('sizebytes')])
          .orderBy('agents.id')
          .execute();
  const { ids, next } = toPage(candidates, limit);
  const agents =
    ids.length === 0
      ? []
      : await db.selectFrom('agents_view').select(listed).where('id', 'in', ids).orderBy('id').execute();
  return { agents, total: Number(total), next };
}

/** The latest heartbeats of agents, as they were signed. */
export async function findHeartbeats(db: Db, ids: readonly AgentId[]): Promise<Map<AgentId, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('agents').select(['id', 'heartbeat']).where('id', 'in', ids).execute();
  return new Map(rows.flatMap(({ id, heartbeat }) => (heartbeat === null ? [] : [[id, toBase64(heartbeat)] as const])));
}

/** How long after its last heartbeat an agent counts as online and as idle; one setting for all servers. */
export async function setStatusLimits(db: Db, { onlineSeconds, idleSeconds }: StatusLimits): Promise<void> {
  await sql`
    UPDATE status_limits
    SET online = make_interval(secs => ${onlineSeconds}), idle = make_interval(secs => ${idleSeconds})`.execute(db);
}

export async function countAgentsByStatus(db: Db): Promise<{ readonly status: string; readonly count: number }[]> {
  const rows = await db
    .selectFrom('agents_view')
    .select(['status', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  return rows.map(({ status, count }) => ({ status, count: Number(count) }));
}
