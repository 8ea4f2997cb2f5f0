/** Snapshots of agents' heartbeats. Compared with what the relay shows now, they tell of an untruthful relay or agent. */
import * as z from 'zod';
import type { Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import type { AgentRecord } from '../../protocol/api/api.ts';
import { AgentId, Sha256, sha256Hex } from '../../protocol/base/identifiers.ts';
import { Instant } from '../../protocol/base/instant.ts';
import { openHeartbeat } from './heartbeat.ts';

export const AgentSnapshot = z.strictObject({
  id: AgentId,
  name: z.string().max(255),
  /** The latest heartbeat: its number, the SHA-256 of its bytes, and when the agent signed it. */
  sequence: z.int(),
  digest: Sha256,
  time: Instant,
  audit: z.strictObject({ sequence: z.int(), hash: Sha256 }),
  /** When a genuine answer of it was last opened here; null when none was. */
  heard: Instant.nullable(),
});
export type AgentSnapshot = z.infer<typeof AgentSnapshot>;

/** Each with what it can mean: an honest relay gives no cause for any of them. */
export const suspicions = {
  'not-genuine': 'the relay shows a heartbeat that the agent did not sign',
  'hidden-agent': 'seen before, and not shown any more: forgotten after 30 days of silence, or hidden',
  'old-heartbeat': 'an older heartbeat than before is shown: played again, or the state of the agent was rolled back',
  'two-heartbeats':
    'two heartbeats with one number: the agent was copied, or a relay shows different things to different people',
  'heartbeats-withheld': 'it has answered since, and its heartbeats are not shown',
  'log-cut': 'the audit log is shorter than it was: it was cut off, or the state of the agent was rolled back',
  'log-forked': 'the audit log has another history than before',
  'trust-forked': 'it goes by another trust list than most, of the same version: root keys have signed each of them',
  'not-asked': 'it is there and fits the target, and the relay does not say that it was asked',
  'hidden-from-you': 'somebody else is shown this agent, you are not',
  'hidden-from-others': 'you are shown this agent, somebody else was not',
} as const;
export type SuspicionCode = keyof typeof suspicions;

export interface Suspicion {
  readonly agent: AgentId;
  readonly name: string;
  readonly code: SuspicionCode;
}

/** An online agent beats every minute or so; the relay keeps no heartbeat that is older than this in transit. */
const heartbeatDelayMs = 10 * 60 * 1000;

export function toAgentSnapshot(heartbeat: Heartbeat, signed: string, heard: string | null): AgentSnapshot {
  return {
    id: heartbeat.agent,
    name: heartbeat.facts.name,
    sequence: heartbeat.sequence,
    digest: sha256Hex(Buffer.from(signed, 'base64')),
    time: heartbeat.time,
    audit: heartbeat.audit,
    heard,
  };
}

/** Compares two snapshots of one agent; `later` is that of now. */
function compareHeads(earlier: AgentSnapshot, later: AgentSnapshot): SuspicionCode[] {
  const codes: SuspicionCode[] = [];
  if (later.sequence === earlier.sequence && later.digest !== earlier.digest) codes.push('two-heartbeats');
  if (later.audit.sequence === earlier.audit.sequence && later.audit.hash !== earlier.audit.hash)
    codes.push('log-forked');
  return codes;
}

export function compareSnapshots(known: AgentSnapshot, shown: AgentSnapshot): SuspicionCode[] {
  const codes = compareHeads(known, shown);
  if (shown.sequence < known.sequence) codes.push('old-heartbeat');
  else if (shown.audit.sequence < known.audit.sequence) codes.push('log-cut');
  if (known.heard !== null && Date.parse(shown.time) < Date.parse(known.heard) - heartbeatDelayMs)
    codes.push('heartbeats-withheld');
  return codes;
}

/** The agents whose list is not the one that most have of its version. */
function findForks(heartbeats: readonly Heartbeat[]): Heartbeat[] {
  const lists = new Map<number, Map<string, Heartbeat[]>>();
  for (const heartbeat of heartbeats) {
    const { version, digest } = heartbeat.trust ?? {};
    if (version === undefined || digest === undefined) continue;
    const byDigest = lists.get(version) ?? new Map<string, Heartbeat[]>();
    const same = byDigest.get(digest) ?? [];
    same.push(heartbeat);
    lists.set(version, byDigest.set(digest, same));
  }
  return [...lists.values()].flatMap((byDigest) => {
    const [, ...fewer] = [...byDigest.values()].sort((one, other) => other.length - one.length);
    return fewer.flat();
  });
}

export interface AgentExamination {
  readonly suspicions: readonly Suspicion[];
  /** Those that are genuine. */
  readonly heartbeats: readonly Heartbeat[];
  /** The later of the known and the shown snapshot of each agent. */
  readonly snapshots: readonly AgentSnapshot[];
}

/** @param shown all agents that the relay shows, with their heartbeats. */
export function examineAgents(
  shown: readonly AgentRecord[],
  known: ReadonlyMap<AgentId, AgentSnapshot>,
): AgentExamination {
  const found: Suspicion[] = [];
  const snapshots: AgentSnapshot[] = [];
  const heartbeats: Heartbeat[] = [];
  for (const { id, name, heartbeat: signed } of shown) {
    const heartbeat = signed === undefined ? undefined : openHeartbeat(id, signed);
    if (signed === undefined || heartbeat === undefined) {
      found.push({ agent: id, name, code: 'not-genuine' });
      continue;
    }
    heartbeats.push(heartbeat);
    const before = known.get(id);
    const snapshot = toAgentSnapshot(heartbeat, signed, before?.heard ?? null);
    const codes = before === undefined ? [] : compareSnapshots(before, snapshot);
    found.push(...codes.map((code) => ({ agent: id, name: snapshot.name, code })));
    snapshots.push(before !== undefined && before.sequence > snapshot.sequence ? before : snapshot);
  }
  for (const { agent, facts } of findForks(heartbeats)) found.push({ agent, name: facts.name, code: 'trust-forked' });
  const ids = new Set(shown.map(({ id }) => id));
  for (const [agent, { name }] of known) if (!ids.has(agent)) found.push({ agent, name, code: 'hidden-agent' });
  return { suspicions: found, heartbeats, snapshots };
}

/**
 * Compares the snapshots of another witness with those from here.
 * @param wasThere whether an agent was there to be seen when the other looked.
 */
export function compareWithOther(
  own: readonly AgentSnapshot[],
  other: readonly AgentSnapshot[],
  wasThere: (snapshot: AgentSnapshot) => boolean,
): Suspicion[] {
  const mine = new Map(own.map((snapshot) => [snapshot.id, snapshot]));
  const theirs = new Set(other.map(({ id }) => id));
  const found: Suspicion[] = [];
  for (const snapshot of other) {
    const { id: agent, name } = snapshot;
    const shown = mine.get(agent);
    const codes: SuspicionCode[] = shown === undefined ? ['hidden-from-you'] : compareHeads(snapshot, shown);
    found.push(...codes.map((code) => ({ agent, name, code })));
  }
  for (const snapshot of own)
    if (!theirs.has(snapshot.id) && wasThere(snapshot))
      found.push({ agent: snapshot.id, name: snapshot.name, code: 'hidden-from-others' });
  return found;
}
