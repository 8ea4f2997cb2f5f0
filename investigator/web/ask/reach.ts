/** Whom a target reaches now: how many, by status, system, tag and version, and the first names. */

import type { AgentRecord } from '../../../protocol/api/api.ts';
import { escapeText } from '../../../protocol/base/escape.ts';
import { findUnmatched } from '../../commands/unmatched-target.ts';
import type { Relay } from '../../relay/relay.ts';
import type { Reach, ReachGroup } from '../messages.ts';

const namedAgents = 100;
const mostWords = 12;

function count(title: string, words: readonly string[]): ReachGroup {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([, left], [, right]) => right - left);
  return { title, counts: sorted.slice(0, mostWords).map(([word, times]) => ({ word: escapeText(word), times })) };
}

export async function measureReach(relay: Relay, target: string, fleet: string | undefined): Promise<Reach> {
  const agents: Pick<AgentRecord, 'name' | 'status' | 'version' | 'environment' | 'tags'>[] = [];
  for await (const { name, status, version, environment, tags } of relay.listAgents(target, false, fleet))
    agents.push({ name, status, version, environment, tags });
  const notes = await findUnmatched(relay, target, fleet);
  return {
    total: agents.length,
    groups: [
      count(
        'status',
        agents.map(({ status }) => status),
      ),
      count(
        'system',
        agents.map(({ environment }) => (typeof environment.os === 'string' ? environment.os : 'unknown')),
      ),
      count(
        'version',
        agents.map(({ version }) => version),
      ),
      count(
        'tag',
        agents.flatMap(({ tags }) => Object.entries(tags).map(([name, value]) => `${name}=${value}`)),
      ),
    ],
    names: agents.slice(0, namedAgents).map(({ name }) => escapeText(name)),
    notes: notes.map(escapeText),
  };
}
