/** What an agent is called in a line: its own name, and the head of its id where that name is not its alone. */

import { escapeWord } from '../../protocol/base/escape.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import type { ResultAnswer } from '../answers/answer.ts';

const shortIdCharacters = 12;

export function toShortId(agent: AgentId): string {
  return agent.slice(0, shortIdCharacters);
}

export function toLabel({ name, agent }: ResultAnswer, isNameShared: boolean): string {
  return isNameShared ? `${escapeWord(name)}#${toShortId(agent)}` : escapeWord(name);
}

/** Labels results that come one by one. Of two agents with one name, the first is labelled by the name alone. */
export function labelWithin(): (result: ResultAnswer) => string {
  const firsts = new Map<string, AgentId>();
  return (result) => {
    const first = firsts.get(result.name) ?? result.agent;
    firsts.set(result.name, first);
    return toLabel(result, first !== result.agent);
  };
}
