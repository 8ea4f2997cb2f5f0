/** `mig approve ID`: shows in full what somebody proposed, and puts one's signature under it. */
import type { Flag } from '../../modules/contract.ts';
import { escapeWord } from '../../protocol/escape.ts';
import { parseFlags } from '../command-line/flags.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { assertFitKey } from '../keys/check-key.ts';
import { type Proposal, readProposal, signProposal } from '../relay/proposals.ts';
import { assertFleet } from './assert-fleet.ts';
import type { CommandContext } from './context.ts';
import { parseActionId } from './show.ts';
import { signShown } from './sign.ts';
import { withRelay } from './with-relay.ts';

export const approveFlags: readonly Flag[] = [
  { name: 'y', kind: 'boolean', help: 'Signs without asking back; what is asked is shown all the same.' },
];

function toSigners({ signers }: Pick<Proposal['claimed'], 'signers'>): string {
  if (signers.length === 0) return 'nobody';
  const names = signers.map(({ investigator, fingerprint }) => `${escapeWord(investigator)} (${fingerprint})`);
  return names.sort().join(', ');
}

export async function approve(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, approveFlags);
  const id = parseActionId(positionals, 'mig proposals lists them');
  return withRelay(context, async (relay, held) => {
    const key = await held.open();
    await assertFitKey(key);
    const { signed, claimed } = await readProposal(relay, id);
    assertFleet(signed.action.fleet, context);
    const { console } = context;
    console.note(
      `proposed by ${escapeWord(claimed.investigator)}, signed by ${toSigners(claimed)}, as the server says`,
    );
    const signature = await signShown(signed, key, values.y === true, context);
    const after = await signProposal(relay, id, signature);
    console.note(`signed by ${toSigners(after)}, as the server says`);
    console.note(`mig verify ${id} says whose weights are missing; mig launch ${id} asks`);
    return exitCodes.found;
  });
}
