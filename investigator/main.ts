/** The `mig` command: the only place here that knows signals and the process. */

import * as z from 'zod';
import { moduleWord } from '../modules/host/module-word.ts';
import { loaders, loadModules, moduleNames } from '../modules/registry.ts';
import { CodedError } from '../protocol/base/coded-error.ts';
import { escapeText } from '../protocol/base/escape.ts';
import { type ExitCode, exitCodes } from './cli/exit-codes.ts';
import { openingWord } from './cli/this-program.ts';
import type { CommandContext } from './commands/context.ts';
import { type Console, printError, processConsole } from './terminal/console.ts';

/** Set by the bundler. */
declare const MIG_VERSION: string | undefined;

// Code that zod would make of a schema saves nothing over thousands of answers, and the first one would wait for it. Said
// before there is any schema: what has some is loaded below.
z.config({ jitless: true });

/** Runs a command and prints what it throws. */
async function carryOut(command: () => Promise<ExitCode>, signal: AbortSignal, console: Console): Promise<ExitCode> {
  try {
    return await command();
  } catch (error) {
    // A prompt is told of ctrl+c by the terminal, without a signal.
    if (error instanceof CodedError && error.code === 'interrupted') {
      console.note(error.message);
      return exitCodes.interrupted;
    }
    if (signal.aborted) {
      console.note(error instanceof CodedError && error.code === 'cancelled' ? error.message : 'interrupted');
      return exitCodes.interrupted;
    }
    printError(error, console);
    return exitCodes.error;
  }
}

async function main(): Promise<ExitCode> {
  if (process.argv[2] === openingWord) {
    await (await import('./answers/opening-process.ts')).runOpeningProcess();
    return exitCodes.found;
  }
  if (process.argv[2] === moduleWord) {
    await (await import('../modules/host/module-process.ts')).runModuleProcess(loaders, process.argv[3]);
    return exitCodes.found;
  }
  const interruption = new AbortController();
  /** Ends the command that runs. */
  let current: AbortController | undefined = interruption;
  // The second ctrl+c ends everything at once, and one between the commands of a console.
  process.on('SIGINT', () => {
    if (current === undefined || current.signal.aborted) process.exit(exitCodes.interrupted);
    current.abort();
  });
  const console = processConsole();
  const { signal } = interruption;
  const run = async (): Promise<ExitCode> => {
    const [{ dispatch }, { readSettings }, { StateKeeper }, { ConnectionCache }] = await Promise.all([
      import('./commands/dispatch.ts'),
      import('./cli/settings.ts'),
      import('./cli/state-keeper.ts'),
      import('./relay/connection-cache.ts'),
    ]);
    const argv = process.argv.slice(2);
    // A question needs its own module alone, and most of a start is loading.
    const asked = moduleNames.filter((name) => name === argv[0]);
    const connections = new ConnectionCache(console.quietly);
    const context: CommandContext = {
      console,
      settings: () => readSettings(process.env),
      modules: await loadModules(asked.length > 0 ? asked : moduleNames),
      version: typeof MIG_VERSION === 'undefined' ? 'development' : MIG_VERSION,
      connections,
      keeper: new StateKeeper((line) => console.note(escapeText(line))),
      signal,
      runNext: (next) => {
        current = new AbortController();
        const nextContext = { ...context, signal: current.signal };
        return carryOut(() => dispatch(next, nextContext), nextContext.signal, console).finally(() => {
          current = undefined;
        });
      },
      servePage: async (asking) => (await import('./web/serve-page.ts')).servePage(asking),
    };
    try {
      return await dispatch(argv, context);
    } finally {
      connections.close();
    }
  };
  const code = await carryOut(run, signal, console);
  const isAnswer = code !== exitCodes.error && code !== exitCodes.interrupted;
  return isAnswer && console.hasLostNotes() ? exitCodes.notPrinted : code;
}

main().then((exitCode) => {
  process.exitCode = exitCode;
});
