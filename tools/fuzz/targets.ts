/** Everything that parses what a stranger sent. A new parser gets one entry in the file of the side that has it. */
import type { FuzzTarget } from './target.ts';
import { agentTargets } from './targets/agent.ts';
import { investigatorTargets } from './targets/investigator.ts';
import { protocolTargets } from './targets/protocol.ts';
import { relayListTargets } from './targets/relay-lists.ts';
import { serverTargets } from './targets/server.ts';

export const fuzzTargets: readonly FuzzTarget[] = [
  ...protocolTargets,
  ...agentTargets,
  ...serverTargets,
  ...investigatorTargets,
  ...relayListTargets,
];
