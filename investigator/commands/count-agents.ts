/** How many agents a question would reach, before it is sent. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import type { Relay } from '../relay/relay.ts';
import type { Console } from '../terminal/console.ts';
import { findUnmatched, isConjunction } from './unmatched-target.ts';

/** A wrong MIG_FLEET counts nobody, whatever the target; `mig agents` lists those of all environments. */
async function describeFleet(relay: Pick<Relay, 'countAgents'>, fleet: string): Promise<string> {
  return (await relay.countAgents('all', fleet)) > 0
    ? 'mig agents -t all lists those that there are'
    : `no agent here is of the environment ${fleet}: MIG_FLEET, or "fleet" in the config file, is the name that they were built for`;
}

/** Also says which keys and values of the target no agent has. @throws CodedError no-agents */
export async function countSome(
  relay: Pick<Relay, 'countAgents' | 'listAgents'>,
  target: string,
  fleet: string,
  console: Console,
): Promise<number> {
  const agents = await relay.countAgents(target, fleet);
  const unmatched = agents > 0 && isConjunction(target) ? [] : await findUnmatched(relay, target, fleet);
  if (agents === 0)
    throw new CodedError('no-agents', 'expected at least one agent that fits the target, got none', {
      hint: [...unmatched.map(escapeText), await describeFleet(relay, fleet)].join('\n'),
    });
  for (const line of unmatched) console.note(`${console.paintNote('warning', 'note:')} ${escapeText(line)}`);
  return agents;
}
