/** What an agent is called in a line: its own name, and the head of its id where that name is not its alone. */
import type { AgentId } from '../../protocol/identifiers.ts';
import type { ResultAnswer } from '../investigation/answer.ts';
import { escapeWord } from './escape.ts';

const shortIdCharacters = 12;

export function toShortId(agent: AgentId): string {
  return agent.slice(0, shortIdCharacters);
}

/** @param seen ids by name from before; results come one by one, so the first of two may have gone out by name alone. */
export function toLabel(seen: ReadonlyMap<string, ReadonlySet<AgentId>> = new Map()): (result: ResultAnswer) => string {
  const now = new Map<string, AgentId>();
  return ({ name, agent }) => {
    const first = now.get(name) ?? agent;
    now.set(name, first);
    const known = seen.get(name);
    const ambiguous = first !== agent || (known !== undefined && (known.size > 1 || !known.has(agent)));
    return ambiguous ? `${escapeWord(name)}#${toShortId(agent)}` : escapeWord(name);
  };
}
