/** `mig withdraw ID`: takes a proposal of one's own off the server. */
import type { Flag } from '../../modules/kit/flag.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags } from '../cli/flags.ts';
import { readProposal, withdrawProposal } from '../relay/proposals.ts';
import type { CommandContext } from './context.ts';
import { parseActionId } from './show.ts';
import { withRelay } from './with-relay.ts';

export const withdrawFlags: readonly Flag[] = [];

export async function withdraw(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { positionals } = parseFlags(argv, withdrawFlags);
  const id = parseActionId(positionals, 'mig proposals lists them');
  return withRelay(context, async (relay) => {
    const { signed, claimed } = await readProposal(relay, id);
    await withdrawProposal(relay, id);
    const { console } = context;
    console.note(`withdrawn: ${id}`);
    if (claimed.launched) console.note(`it has been launched, as the server says; mig cancel ${id} stops that`);
    else if (signed.submission.envelope.signatures.length > 0)
      console.note(
        `signatures that were given are still valid until ${signed.action.expireafter}, for whoever kept a copy; ` +
          'a trust list can revoke the action',
      );
    return exitCodes.found;
  });
}
