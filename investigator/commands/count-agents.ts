/** How many agents a question would reach, before it is sent. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import type { Relay } from '../relay/relay.ts';
import type { Console } from '../terminal/console.ts';
import { findUnmatched } from './unmatched-target.ts';

/** Also says which keys and values of the target no agent has. @throws CodedError no-agents */
export async function countSome(relay: Relay, target: string, fleet: string, console: Console): Promise<number> {
  const [agents, unmatched] = await Promise.all([
    relay.countAgents(target, fleet),
    findUnmatched(relay, target, fleet),
  ]);
  if (agents === 0)
    throw new CodedError('no-agents', 'expected at least one agent that fits the target, got none', {
      hint: [...unmatched.map(escapeText), 'mig agents -t all lists those that there are'].join('\n'),
    });
  for (const line of unmatched) console.note(`${console.paintNote('warning', 'note:')} ${escapeText(line)}`);
  return agents;
}
