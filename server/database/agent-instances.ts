/** Statements on starts of agents that were heard beside another start with the same key. */
import { sql } from 'kysely';
import type { Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import type { AgentId, InstanceId } from '../../protocol/base/identifiers.ts';
import type { StoredAgent } from './agents.ts';
import { pageBytes } from './page.ts';
import type { Db, Tables, Tx } from './schema.ts';

type Row = Tables['agent_instances'];

/** A heartbeat of one instance, and the record of another with the same key. */
export interface Encounter {
  readonly heartbeat: Heartbeat;
  readonly known: StoredAgent;
}

/** An agent that always is the one on record never comes here: in the ordinary case this costs nothing. */
export async function recordEncounters(tx: Tx, encounters: readonly Encounter[]): Promise<void> {
  if (encounters.length === 0) return;
  const now = new Date();
  const rows = new Map<string, Row>();
  for (const { heartbeat, known } of encounters) {
    const { agent, instance, facts, starttime, time } = heartbeat;
    const { id, name, environment, heartbeattime, signedtime } = known;
    rows.set(`${id} ${known.instance}`, {
      agent: id,
      instance: known.instance,
      name,
      environment: JSON.stringify(environment),
      starttime: known.starttime,
      firstheard: heartbeattime,
      heartbeattime,
      signedtime,
    });
    rows.set(`${agent} ${instance}`, {
      agent,
      instance,
      name: facts.name,
      environment: JSON.stringify(facts.environment),
      starttime: new Date(starttime),
      firstheard: now,
      heartbeattime: now,
      signedtime: new Date(time),
    });
  }
  // The same order everywhere, so that two servers do not wait for each other's rows.
  const inOrder = [...rows].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
  await tx
    .insertInto('agent_instances')
    .values(inOrder)
    .onConflict((conflict) =>
      conflict.columns(['agent', 'instance']).doUpdateSet({
        heartbeattime: sql`greatest(agent_instances.heartbeattime, excluded.heartbeattime)`,
        signedtime: sql`greatest(agent_instances.signedtime, excluded.signedtime)`,
      }),
    )
    .execute();
}

/** Whoever has an agent's key can start it as often as it likes: the others are left out. */
const clonesShown = 16;

/**
 * The starts of these agents that were alive at the same time: the older of two was heard after the younger, and has
 * signed a time after the younger's start. A restart does neither, nor does a message that comes late.
 */
export async function findClones(db: Db, agents: readonly AgentId[]): Promise<readonly CloneRow[]> {
  if (agents.length === 0) return [];
  const { rows } = await sql<CloneRow>`
    WITH recent AS (
      SELECT * FROM agent_instances
      WHERE agent IN (${sql.join(agents)}) AND heartbeattime > now() - (SELECT idle FROM status_limits)
    ), pairs AS (
      SELECT older.agent, older.instance AS older, younger.instance AS younger
      FROM recent AS older JOIN recent AS younger
        ON younger.agent = older.agent AND younger.instance <> older.instance AND older.starttime <= younger.starttime
      WHERE older.signedtime > younger.starttime AND older.heartbeattime > younger.firstheard
    ), cloned AS (
      SELECT *,
        row_number() OVER (PARTITION BY agent ORDER BY starttime, instance) AS place,
        sum(octet_length(environment::text)) OVER (ORDER BY agent, starttime, instance) AS bytes
      FROM recent
      WHERE EXISTS (
        SELECT FROM pairs WHERE pairs.agent = recent.agent AND recent.instance IN (pairs.older, pairs.younger)
      )
    )
    SELECT agent, instance, name, environment, starttime, heartbeattime FROM cloned
    WHERE place <= ${clonesShown} AND bytes <= ${pageBytes}
    ORDER BY agent, starttime, instance`.execute(db);
  return rows;
}

export interface CloneRow {
  readonly agent: AgentId;
  readonly instance: InstanceId;
  readonly name: string;
  readonly environment: Heartbeat['facts']['environment'];
  readonly starttime: Date;
  readonly heartbeattime: Date;
}
