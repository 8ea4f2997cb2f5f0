/** Stores heartbeats in the agents table. An agent that comes up gets the actions that are still valid for it and wait. */

import { sql } from 'kysely';
import type { Log } from '../../host/log.ts';
import { type Heartbeat, maximumPlainMessageBytes } from '../../protocol/agent-message/agent-message.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { isOfTheMoment } from '../../protocol/target/moment.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import { heartbeatTtlMs } from '../../protocol/topology.ts';
import { listLiveActions, lockActions } from '../database/actions.ts';
import { type Encounter, recordEncounters } from '../database/agent-instances.ts';
import { findKnown, type SignedHeartbeat, type StoredAgent, upsertAgents } from '../database/agents.ts';
import { insertCommands, lockArrivals } from '../database/dispatch.ts';
import { insertStranded, insertUnreported } from '../database/outbox.ts';
import type { Tx } from '../database/schema.ts';
import type { TrustPublisher } from '../dispatch/trust-publisher.ts';
import { compileTarget } from '../target-sql.ts';
import { type Intake, readMessages } from './read-messages.ts';

/** The latest heartbeat of each start of an agent. */
function readHeartbeats(bodies: readonly Buffer[], intake: Intake): SignedHeartbeat[] {
  const latest = new Map<string, SignedHeartbeat>();
  const nowMs = Date.now();
  for (const { message, bytes } of readMessages(bodies, intake, maximumPlainMessageBytes)) {
    if (message.kind !== 'heartbeat') {
      intake.poison.add('unexpected-kind', bytes);
    } else if (Math.abs(Date.parse(message.time) - nowMs) > heartbeatTtlMs) {
      intake.poison.add('heartbeat-out-of-time', bytes);
    } else {
      const start = `${message.agent} ${message.instance}`;
      const known = latest.get(start);
      // Instants of one format compare as text.
      if (known === undefined || known.time <= message.time) latest.set(start, { ...message, signed: bytes });
    }
  }
  return [...latest.values()];
}

function latestOfEach(heartbeats: readonly SignedHeartbeat[]): Map<AgentId, SignedHeartbeat> {
  const latest = new Map<AgentId, SignedHeartbeat>();
  for (const heartbeat of heartbeats) {
    const known = latest.get(heartbeat.agent);
    if (known === undefined || known.time <= heartbeat.time) latest.set(heartbeat.agent, heartbeat);
  }
  return latest;
}

function findEncounters(heartbeats: readonly Heartbeat[], agents: ReadonlyMap<AgentId, StoredAgent>): Encounter[] {
  return heartbeats.flatMap((heartbeat) => {
    const known = agents.get(heartbeat.agent);
    return known === undefined || known.instance === heartbeat.instance ? [] : [{ heartbeat, known }];
  });
}

/** Live actions that also mean agents that come up after they were asked. */
async function listWaitingActions(tx: Tx) {
  const actions = (await listLiveActions(tx)).map((action) => ({ ...action, target: parseTarget(action.target) }));
  return actions.filter(({ target }) => !isOfTheMoment(target));
}

async function dispatchLiveActions(tx: Tx, arrivals: readonly AgentId[], log: Log): Promise<void> {
  await lockArrivals(tx);
  const actions = await listWaitingActions(tx);
  if (actions.length === 0) return;
  await lockActions(
    tx,
    actions.map((action) => action.id),
  );
  for (const { id, fleet, target } of actions) {
    await sql`SAVEPOINT one_action`.execute(tx);
    try {
      await insertCommands(tx, { id, fleet }, compileTarget(target), arrivals);
      await sql`RELEASE SAVEPOINT one_action`.execute(tx);
    } catch (error) {
      // One target that the database cannot evaluate must not keep agents from being known.
      await sql`ROLLBACK TO SAVEPOINT one_action`.execute(tx);
      log.warn({ action: id, reason: toMessage(error) }, 'target not evaluated for new agents');
    }
  }
}

/** Whoever is not known has been sent nothing. */
function isLinkedAnew(heartbeat: Heartbeat | undefined, known: StoredAgent | undefined): boolean {
  if (heartbeat === undefined || known === undefined) return false;
  return heartbeat.instance !== known.instance || heartbeat.link > known.link;
}

/** @returns whether there is something to publish now. */
export async function storeHeartbeats(
  intake: Intake,
  trust: TrustPublisher,
  bodies: readonly Buffer[],
): Promise<boolean> {
  const heartbeats = readHeartbeats(bodies, intake);
  if (heartbeats.length === 0) return false;
  const latest = latestOfEach(heartbeats);
  const ids = [...latest.keys()];
  const isWork = await intake.database.db.transaction().execute(async (tx) => {
    const known = await findKnown(tx, ids);
    await upsertAgents(tx, [...latest.values()]);
    await recordEncounters(tx, findEncounters(heartbeats, known));
    // Also those that were idle: they may come back with other facts.
    const arrivals = ids.filter((id) => known.get(id)?.status !== 'online');
    if (arrivals.length > 0) await dispatchLiveActions(tx, arrivals, intake.log);
    const linkedAnew = ids.filter((id) => isLinkedAnew(latest.get(id), known.get(id)));
    const isUnreported = await insertUnreported(tx, linkedAnew);
    return (await insertStranded(tx, ids)) || isUnreported;
  });
  await trust.catchUp(latest.values());
  return isWork;
}
