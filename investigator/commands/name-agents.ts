/** Asks the relay what it calls agents that gave no answer in which they name themselves. */
import type { CommandRecord } from '../../protocol/api/api.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import type { Answers } from '../answers/answers.ts';
import type { Outcome } from '../answers/outcome.ts';
import { findRefusers } from '../print/refused.ts';
import type { Relay } from '../relay/relay.ts';

export interface AgentNames {
  readonly silent: readonly CommandRecord[];
  /** Of those that refused, or whose answers were not genuine, as far as they are named. */
  readonly names: ReadonlyMap<AgentId, string>;
  /** Why the relay does not name them all. */
  readonly broken?: unknown;
}

/** A few for each reason of a refusal. */
const maximumRefusers = 64;

export async function nameAgents(relay: Relay, answers: Answers, outcome: Outcome): Promise<AgentNames> {
  const silent: CommandRecord[] = [];
  const names = new Map<AgentId, string>();
  const refusers = new Set(findRefusers(outcome).slice(0, maximumRefusers));
  try {
    if (outcome.completeness.silent > 0)
      for await (const command of relay.listCommands(answers.action, true))
        if (!answers.tally.hasHeard(command.agent)) silent.push(command);
    if (refusers.size > 0) {
      const ids = [...refusers].map((id) => `'${id}'`).join(', ');
      for await (const { id, name } of relay.listAgents(`id IN (${ids})`)) if (refusers.has(id)) names.set(id, name);
    }
  } catch (broken) {
    return { silent, names, broken };
  }
  return { silent, names };
}
