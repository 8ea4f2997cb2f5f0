/** Finds the command that the first word of the command line names, and runs it. */

import { describeFormerModule } from '../../modules/former.ts';
import { loadLaptopPart } from '../../modules/laptop.ts';
import { suggest } from '../../protocol/base/suggest.ts';
import { isHelpWord } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { usageError } from '../cli/flags.ts';
import { describeFormerFlag, describeFormerOrder } from '../cli/former-words.ts';
import { ask } from './ask.ts';
import { commands } from './command-table.ts';
import type { CommandContext } from './context.ts';
import { helpColumns, renderCommandHelp, renderHelp, renderModuleHelp } from './help.ts';

function unknown(word: string, context: CommandContext): Error {
  const near = suggest(word, [...context.modules.keys(), ...commands.keys()]);
  const former = describeFormerModule(word);
  const instead = word.startsWith('-') ? describeFormerFlag(word.replace(/^-+/, '')) : describeFormerOrder(word);
  const meant = near === undefined ? 'mig help lists them' : `did you mean mig ${near}?`;
  return usageError(
    `expected a module or a command, got ${JSON.stringify(word)}`,
    former === undefined ? (instead ?? meant) : `${word} is ${former}`,
  );
}

async function help(topic: string | undefined, context: CommandContext): Promise<ExitCode> {
  const command = commands.get(topic ?? '');
  const module = context.modules.get(topic ?? '');
  const { data } = context.console;
  const columns = helpColumns(context.console);
  if (topic === undefined || isHelpWord(topic)) data(renderHelp(context.modules.values(), commands, columns));
  else if (module !== undefined) data(renderModuleHelp(module, columns, await loadLaptopPart(module.name)));
  else if (command !== undefined)
    data(renderCommandHelp(topic, { ...command, flags: (await command.load()).flags }, columns));
  else throw unknown(topic, context);
  return exitCodes.found;
}

/** @throws CodedError of every kind */
export async function dispatch(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [given, ...rest] = argv;
  // As in the original: `mig -i FILE`.
  const word = given === '-i' || given === '--i' ? 'run' : given;
  if (word === undefined) throw usageError('expected a module or a command, got nothing', 'mig help lists them');
  if (isHelpWord(word)) return help(rest[0], context);
  if (['version', '-V', '-version', '--version'].includes(word)) {
    context.console.data(context.version);
    return exitCodes.found;
  }
  const module = context.modules.get(word);
  if (module !== undefined) return ask(module, rest, context);
  const command = commands.get(word);
  if (command === undefined) throw unknown(word, context);
  if (rest[0] === 'help' || rest.some((argument) => argument.startsWith('-') && isHelpWord(argument)))
    return help(word, context);
  return (await command.load()).run(rest, context);
}
