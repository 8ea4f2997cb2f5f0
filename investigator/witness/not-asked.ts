/** A relay can leave an agent out of one question and out of its count: what the agent says of itself is held against that. */

import { matchRegex } from '../../native/own-process.ts';
import type { Action } from '../../protocol/action/action.ts';
import type { Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import { clockToleranceMs } from '../../protocol/base/clock.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { evaluateTarget } from '../../protocol/target/evaluate.ts';
import { isOfTheMoment } from '../../protocol/target/moment.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import type { TargetNode } from '../../protocol/target/tree.ts';
import type { Suspicion } from './agent-snapshot.ts';

/** An agent is online that has sent a heartbeat since then. */
const onlineMs = 5 * 60_000;
/** An agent that is still on its first connection was not away since its start. */
const firstLink = 1;

/** The status of an agent without a late heartbeat is open: only a target that does not ask for it fits. */
function fits(target: TargetNode, action: Action, heartbeat: Heartbeat, nowMs: number): boolean {
  const { agent: id, facts, starttime, time } = heartbeat;
  const relayTime = { earliestMs: Date.parse(action.validfrom) - clockToleranceMs, latestMs: nowMs + clockToleranceMs };
  const status = Date.parse(time) > nowMs - onlineMs ? { status: 'online' } : {};
  return evaluateTarget(target, { id, ...facts, ...status, starttime, relayTime }, matchRegex) === true;
}

/**
 * Online agents that match the target but that the relay did not list as asked. While the action lasts only: an honest relay
 * gives it to all agents that it knows or that come up.
 * A target of the moment means who was there when it was asked: of those, the ones that were not away since.
 * @param stopped whether the relay says that the action was stopped: then only those that had started well before it.
 */
export function findNotAsked(
  action: Action,
  heartbeats: readonly Heartbeat[],
  asked: ReadonlySet<AgentId>,
  nowMs: number,
  stopped = false,
): Suspicion[] {
  if (nowMs >= Date.parse(action.expireafter)) return [];
  const target = parseTarget(action.target);
  const isOfThen = isOfTheMoment(target);
  const askedMs = Date.parse(action.validfrom) - clockToleranceMs;
  const isMissing = (heartbeat: Heartbeat): boolean =>
    !asked.has(heartbeat.agent) &&
    heartbeat.fleet === action.fleet &&
    (!(stopped || isOfThen) || Date.parse(heartbeat.starttime) < askedMs) &&
    (!isOfThen || heartbeat.link === firstLink) &&
    fits(target, action, heartbeat, nowMs);
  return heartbeats
    .filter(isMissing)
    .map(({ agent, facts: { name } }) => ({ agent, name, code: 'not-asked' }) as const);
}
