/** All attacks of the drill, in the order of play. Those that leave something behind come last. */
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
import { ownedAttacks } from './attacks/owned.ts';
import { proposalAttacks } from './attacks/proposals.ts';
import { protectionAttacks } from './attacks/protection.ts';
import { readerAttacks } from './attacks/reader.ts';
import { relayAttacks } from './attacks/relay.ts';
import { signatureAttacks } from './attacks/signatures.ts';
import { stopAttacks } from './attacks/stops.ts';
import { textAttacks } from './attacks/texts.ts';
import { trustAttacks } from './attacks/trust.ts';
import { witnessAttacks } from './attacks/witness.ts';

export const attacks: readonly Attack[] = [
  ...relayAttacks,
  ...proposalAttacks,
  ...stopAttacks,
  ...actionAttacks,
  ...signatureAttacks,
  ...trustAttacks,
  ...contentAttacks,
  ...confinementAttacks,
  ...closedPlaceAttacks,
  ...hostAttacks,
  ...heldAttacks,
  ...textAttacks,
  ...commandAttacks,
  ...linkAttacks,
  ...ownedAttacks,
  ...brokerAttacks,
  ...brokerMemoryAttacks,
  ...protectionAttacks,
  ...agentAttacks,
  ...intakeAttacks,
  ...readerAttacks,
  ...witnessAttacks,
  ...accessAttacks,
];
