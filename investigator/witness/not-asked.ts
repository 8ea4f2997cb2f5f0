/** A relay can leave an agent out of one question and out of its count: what the agent says of itself is held against that. */
import { matchRegex } from '../../modules/shared/engine.ts';
import type { Action } from '../../protocol/action.ts';
import type { Heartbeat } from '../../protocol/agent-message.ts';
import type { AgentId } from '../../protocol/identifiers.ts';
import { evaluateTarget } from '../../protocol/target/evaluate.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import type { Suspicion } from './sighting.ts';

/** Clocks differ. */
const skewMs = 60_000;
/** Who has said something since then is online. */
const onlineMs = 5 * 60_000;

function fits(action: Action, heartbeat: Heartbeat, nowMs: number): boolean {
  if (action.target === 'online') return true;
  const { agent: id, facts, starttime } = heartbeat;
  const relayTime = { earliestMs: Date.parse(action.validfrom) - skewMs, latestMs: nowMs + skewMs };
  return evaluateTarget(parseTarget(action.target), { id, ...facts, starttime, relayTime }, matchRegex) === true;
}

/**
 * Agents that are there, that the target fits for certain, and that the relay does not say it has asked. While the action
 * lasts only: an honest relay puts it to whoever is there or comes up.
 */
export function findNotAsked(
  action: Action,
  heartbeats: readonly Heartbeat[],
  asked: ReadonlySet<AgentId>,
  nowMs: number,
): Suspicion[] {
  if (nowMs >= Date.parse(action.expireafter)) return [];
  const isMissing = (heartbeat: Heartbeat): boolean =>
    !asked.has(heartbeat.agent) &&
    heartbeat.fleet === action.fleet &&
    Date.parse(heartbeat.time) > nowMs - onlineMs &&
    fits(action, heartbeat, nowMs);
  return heartbeats
    .filter(isMissing)
    .map(({ agent, facts: { name } }) => ({ agent, name, code: 'not-asked' }) as const);
}
