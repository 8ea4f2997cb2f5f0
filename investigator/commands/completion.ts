/** `mig completion SHELL`: a script with which the shell completes commands, flags and their values. */
import type { Flag } from '../../modules/kit/flag.ts';
import type { Module } from '../../modules/kit/module.ts';
import { loadLaptopPart } from '../../modules/laptop.ts';
import { questionFlags } from '../cli/common-flags.ts';
import { toBash } from '../cli/completion/bash.ts';
import { toFish } from '../cli/completion/fish.ts';
import { toModuleWord, toWord, type Word } from '../cli/completion/word.ts';
import { toZsh } from '../cli/completion/zsh.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { usageError } from '../cli/flags.ts';
import { viewFlags } from '../cli/view-flags.ts';
import { toColumnsOf } from '../print/columns.ts';
import type { Command } from './command-table.ts';
import type { CommandContext } from './context.ts';

export const completionFlags: readonly Flag[] = [];

const shells: ReadonlyMap<string, (words: readonly Word[]) => string> = new Map([
  ['bash', toBash],
  ['zsh', toZsh],
  ['fish', toFish],
]);

/** A choice, so that shells complete the first. */
function withColumns(flag: Flag, module: Module): Flag {
  if (!viewFlags.includes(flag)) return flag;
  const names = toColumnsOf(module).map(({ name }) => name);
  return { ...flag, value: names.join('|') };
}

/** All words that can be completed, in the order of help. */
export async function listWords(commands: ReadonlyMap<string, Command>, context: CommandContext): Promise<Word[]> {
  const words: Word[] = [];
  for (const module of context.modules.values()) {
    const common = questionFlags.map((flag) => withColumns(flag, module));
    words.push(toModuleWord(module, [...module.flags, ...common], await loadLaptopPart(module.name)));
  }
  for (const [name, { usage, summary, load }] of commands)
    words.push(toWord(name, usage, summary, (await load()).flags));
  const names = words.map(({ name }) => name);
  return [...words, toWord('help', `mig help ${names.join('|')}`, 'Shows what there is, or the flags of one.', [])];
}

export async function completion(
  commands: ReadonlyMap<string, Command>,
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const write = shells.get(argv[0] ?? '');
  if (write === undefined || argv.length > 1)
    throw usageError(
      `expected one of ${[...shells.keys()].join(', ')}, got ${argv.length === 0 ? 'none' : JSON.stringify(argv.join(' '))}`,
    );
  context.console.data(write(await listWords(commands, context)));
  return exitCodes.found;
}
