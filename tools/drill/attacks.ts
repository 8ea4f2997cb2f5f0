/** All attacks of the drill in groups. Each group can be played on a platform of its own. */
import type { Attack } from './attack.ts';
import { accessAttacks } from './attacks/access.ts';
import { actionAttacks } from './attacks/actions.ts';
import { agentAttacks } from './attacks/agents.ts';
import { brokerMemoryAttacks } from './attacks/broker-memory.ts';
import { brokerAttacks } from './attacks/brokers.ts';
import { closedPlaceAttacks } from './attacks/closed-places.ts';
import { commandAttacks } from './attacks/commands.ts';
import { confinementAttacks } from './attacks/confinement.ts';
import { contentAttacks } from './attacks/contents.ts';
import { heldAttacks } from './attacks/held.ts';
import { hostAttacks } from './attacks/host.ts';
import { intakeAttacks } from './attacks/intake.ts';
import { linkAttacks } from './attacks/link.ts';
import { logAttacks } from './attacks/logs.ts';
import { ownedAttacks } from './attacks/owned.ts';
import { policyAttacks } from './attacks/policies.ts';
import { proposalAttacks } from './attacks/proposals.ts';
import { protectionAttacks } from './attacks/protection.ts';
import { readerAttacks } from './attacks/reader.ts';
import { relayAttacks } from './attacks/relay.ts';
import { signatureAttacks } from './attacks/signatures.ts';
import { stopAttacks } from './attacks/stops.ts';
import { textAttacks } from './attacks/texts.ts';
import { trustAttacks } from './attacks/trust.ts';
import { witnessAttacks } from './attacks/witness.ts';

/** Inside of a group those that leave something behind come last. */
export const attackGroups = {
  /** By a relay that has turned, on investigators and on who is let in. */
  relays: [...relayAttacks, ...proposalAttacks, ...stopAttacks, ...witnessAttacks, ...accessAttacks],
  /** By what agents are sent, and by modules that look where they may not. */
  orders: [
    ...actionAttacks,
    ...signatureAttacks,
    ...trustAttacks,
    ...contentAttacks,
    ...confinementAttacks,
    ...closedPlaceAttacks,
    ...textAttacks,
    ...commandAttacks,
    ...ownedAttacks,
    ...protectionAttacks,
    ...logAttacks,
    ...policyAttacks,
  ],
  /** On an agent's host and on its link. */
  hosts: [...hostAttacks, ...heldAttacks, ...linkAttacks],
  /** By agents that are not ours, on the broker, the relay and who reads. */
  floods: [...brokerAttacks, ...brokerMemoryAttacks, ...agentAttacks, ...intakeAttacks, ...readerAttacks],
} satisfies Readonly<Record<string, readonly Attack[]>>;

export type AttackGroup = keyof typeof attackGroups;

/** In the order in which the drill plays them on one platform. */
export const attacks: readonly Attack[] = Object.values<readonly Attack[]>(attackGroups).flat();
