/** `mig cancel ID`: stops an action that was asked; what was found until then still comes. */
import type { Flag } from '../../modules/contract.ts';
import { parseFlags } from '../command-line/flags.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { toCountsLine } from '../output/progress.ts';
import type { CommandContext } from './context.ts';
import { parseActionId } from './show.ts';
import { withRelay } from './with-relay.ts';

export const cancelFlags: readonly Flag[] = [];

export async function cancel(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { positionals } = parseFlags(argv, cancelFlags);
  const id = parseActionId(positionals);
  return withRelay(context, async (relay) => {
    const { counts } = await relay.cancel(id);
    context.console.note(`cancelling ${id}: ${toCountsLine(counts)}`);
    context.console.note(`mig follow ${id} waits for the agents that still have it`);
    return exitCodes.found;
  });
}
