/** `mig approve ID`: verifies and shows in full what somebody proposed, and puts one's signature under it. */
import type { Flag } from '../../modules/kit/flag.ts';
import { verifyProposal } from '../ask/verify-proposal.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags } from '../cli/flags.ts';
import { assertFitKey } from '../keys/check-key.ts';
import { knownKeysFlag, readKnownKeys, toKeyPaths } from '../keys/known-keys.ts';
import { readProposal, signProposal } from '../relay/proposals.ts';
import { assertFleet } from './assert-fleet.ts';
import type { CommandContext } from './context.ts';
import { parseActionId } from './show.ts';
import { signShown } from './sign.ts';
import { withRelay } from './with-relay.ts';

export const approveFlags: readonly Flag[] = [
  knownKeysFlag,
  { name: 'y', kind: 'boolean', help: 'Signs without asking back; what is asked is shown all the same.' },
];

export async function approve(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, approveFlags);
  const id = parseActionId(positionals, 'mig proposals lists them');
  return withRelay(context, async (relay, held) => {
    const key = await held.open();
    await assertFitKey(key);
    const keys = await readKnownKeys(toKeyPaths(values, context.settings()), key);
    const { signed } = await readProposal(relay, id);
    assertFleet(signed.action.fleet, context);
    const proposal = await verifyProposal(signed, key, keys);
    const signature = await signShown(proposal, key, values.y === true, context);
    await signProposal(relay, id, signature);
    const { console } = context;
    console.note(`signed by ${key.fingerprint}; the server has taken the signature, as it says`);
    console.note(`mig verify ${id} says whose weights are missing; mig launch ${id} asks`);
    return exitCodes.found;
  });
}
