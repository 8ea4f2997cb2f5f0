/** `mig cancel ID`: stops an action that was asked; what was found until then still comes. */
import type { Flag } from '../../modules/kit/flag.ts';
import type { Counts } from '../../protocol/api/api.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { plural } from '../../protocol/base/plural.ts';
import { totalOf } from '../answers/outcome.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags } from '../cli/flags.ts';
import { doneOf, toCountsLine } from '../print/progress.ts';
import type { CommandContext } from './context.ts';
import { parseActionId } from './show.ts';
import { withRelay } from './with-relay.ts';

export const cancelFlags: readonly Flag[] = [];

function toLines(id: ActionId, counts: Counts): string[] {
  const waiting = totalOf(counts) - doneOf(counts);
  if (waiting > 0)
    return [
      `stopping ${id}: ${toCountsLine(counts)}`,
      `${plural(waiting, 'agent', 'agents')} may still be at work or answer: mig follow ${id}`,
    ];
  return [`${id} ${counts.cancelled === 0 ? 'was over already' : 'is stopped'}: ${toCountsLine(counts)}`];
}

export async function cancel(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { positionals } = parseFlags(argv, cancelFlags);
  const id = parseActionId(positionals);
  return withRelay(context, async (relay) => {
    const { counts } = await relay.cancel(id);
    for (const line of toLines(id, counts)) context.console.note(line);
    return exitCodes.found;
  });
}
