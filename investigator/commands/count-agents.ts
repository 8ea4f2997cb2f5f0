/** How many agents a question would reach, before it is sent. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Relay } from '../relay/relay.ts';

/** @throws CodedError no-agents */
export async function countSome(relay: Relay, target: string, fleet: string): Promise<number> {
  const agents = await relay.countAgents(target, fleet);
  if (agents === 0)
    throw new CodedError('no-agents', 'expected at least one agent that fits the target, got none', {
      hint: 'mig agents -t all lists those that there are',
    });
  return agents;
}
