/** `mig man`: the man page, for `man -l -` or a package. */
import type { Flag } from '../../modules/kit/flag.ts';
import { loadLaptopPart } from '../../modules/laptop.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags, usageError } from '../cli/flags.ts';
import type { Command } from './command-table.ts';
import type { CommandContext } from './context.ts';
import type { CommandFace } from './help.ts';
import { type FullModule, renderManPage } from './man-page.ts';

export const manFlags: readonly Flag[] = [];

export async function man(
  commands: ReadonlyMap<string, Command>,
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const [extra] = parseFlags(argv, manFlags).positionals;
  if (extra !== undefined) throw usageError(`expected no argument, got ${JSON.stringify(extra)}`);
  const loaded: CommandFace[] = [];
  for (const command of commands.values()) loaded.push({ ...command, flags: (await command.load()).flags });
  const modules: FullModule[] = [];
  for (const module of context.modules.values()) modules.push({ module, part: await loadLaptopPart(module.name) });
  context.console.data(renderManPage(modules, loaded).trimEnd());
  return exitCodes.found;
}
