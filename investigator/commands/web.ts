/** `mig web`: a page of this machine for the browser, over the code of the other commands. */
import type { Flag } from '../../modules/kit/flag.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import { assertOnlyFlags, parseFlags } from '../cli/flags.ts';
import type { CommandContext } from './context.ts';

export const webFlags: readonly Flag[] = [];

export async function web(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { positionals } = parseFlags(argv, webFlags);
  assertOnlyFlags(positionals, 'web');
  return context.servePage(context);
}
