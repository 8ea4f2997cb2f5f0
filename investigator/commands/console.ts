/**
 * `mig console`: one question after another, by one process. What takes most of the time of a command on its own is done
 * once: starting, connecting, unlocking the key.
 */

import type { Flag } from '../../modules/kit/flag.ts';
import { completeWord, findWantedIds } from '../cli/completion/complete-word.ts';
import { toWord, type Word } from '../cli/completion/word.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { assertOnlyFlags, parseFlags, usageError } from '../cli/flags.ts';
import { splitWords } from '../cli/split-words.ts';
import { printError } from '../terminal/console.ts';
import { askLines, type Completions, pipeLines } from '../terminal/read-lines.ts';
import type { Command } from './command-table.ts';
import { listWords } from './completion.ts';
import type { CommandContext } from './context.ts';
import { openRelay } from './with-relay.ts';

type Commands = ReadonlyMap<string, Command>;

export const consoleFlags: readonly Flag[] = [];

/** Above all targets and patterns; it keeps what is no text from being read, and repeated in an error, as if it were some. */
const maximumLineCharacters = 64 * 1024;
/** More would fill the screen. */
const latestIds = 20;
const endings: ReadonlySet<string | undefined> = new Set(['exit', 'quit']);

/** The words behind `mig`, which may stand there as in a shell. @throws CodedError usage */
function readCommand(line: string, commands: Commands): readonly string[] {
  if (line.trimStart().startsWith('#')) return [];
  if (line.length > maximumLineCharacters)
    throw usageError(`expected a line of at most ${maximumLineCharacters} characters, got one of ${line.length}`);
  const words = splitWords(line);
  const command = words[0] === 'mig' ? words.slice(1) : words;
  if (command[0] === 'console') throw usageError('expected a question or a command, got a console in a console');
  if (commands.has(command[0] ?? '') && command.includes('-'))
    throw usageError('expected the path of a file, got -: standard input is where the lines of a console come from');
  return command;
}

/** @param pasted lines of the person, who sees for each how it went; ctrl+c stops those behind, too. */
async function converse(
  pasted: AsyncIterable<readonly string[]>,
  commands: Commands,
  context: CommandContext,
): Promise<ExitCode> {
  for await (const lines of pasted)
    for (const line of lines)
      try {
        const words = readCommand(line, commands);
        if (endings.has(words[0])) return exitCodes.found;
        if (words.length > 0 && (await context.runNext(words)) === exitCodes.interrupted) break;
      } catch (error) {
        printError(error, context.console);
      }
  return exitCodes.found;
}

/** Runs lines as a shell runs a script. @throws CodedError usage */
async function runAll(lines: AsyncIterable<string>, commands: Commands, context: CommandContext): Promise<ExitCode> {
  let last: ExitCode = exitCodes.found;
  for await (const line of lines) {
    const words = readCommand(line, commands);
    if (endings.has(words[0])) break;
    if (words.length > 0) last = await context.runNext(words);
    if (last === exitCodes.interrupted) break;
  }
  return context.signal.aborted ? exitCodes.interrupted : last;
}

/** The latest of them, as the server lists them; none where that would take a login, for which a passphrase may be asked. */
async function listIds(wanted: Word['takesIds'], context: CommandContext): Promise<readonly string[]> {
  if (wanted === undefined) return [];
  const { relay } = openRelay(context, context.settings());
  if (!relay.isLoggedIn) return [];
  if (wanted === 'actions') return (await relay.listActions({ limit: latestIds })).actions.map(({ id }) => id);
  const { listProposals } = await import('../relay/proposals.ts');
  return (await listProposals(relay, latestIds)).proposals.map(({ id }) => id);
}

export async function runConsole(
  commands: Commands,
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  assertOnlyFlags(parseFlags(argv, consoleFlags).positionals, 'console');
  const { console, signal } = context;
  if (!console.interactive || process.stdin.isTTY !== true) return runAll(pipeLines(signal), commands, context);
  console.note('What comes after mig, without it: help lists it. Ctrl-C stops a question, exit or Ctrl-D ends this.');
  let words: Promise<readonly Word[]> | undefined;
  const complete = async (line: string): Promise<Completions> => {
    words ??= listWords(commands, context);
    const known = (await words).filter(({ name }) => name !== 'console');
    const all = [...known, toWord('exit', 'exit', 'Ends the console.', [])];
    return completeWord(line, all, await listIds(findWantedIds(line, all), context));
  };
  return converse(askLines({ prompt: 'mig> ', complete }), commands, context);
}
