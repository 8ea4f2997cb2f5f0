/** The `mig` command: the only place here that knows signals and the process. */
import * as z from 'zod';
import { loadModules, moduleNames } from '../modules/registry.ts';
import { CodedError } from '../protocol/coded-error.ts';
import { exitCodes } from './exit-codes.ts';
import { printError, processConsole } from './output/console.ts';

/** Set by the bundler. */
declare const MIG_VERSION: string | undefined;

// Code that zod would make of a schema saves nothing over thousands of answers, and the first one would wait for it. Said
// before there is any schema: what has some is loaded below.
z.config({ jitless: true });

async function main(): Promise<number> {
  const interruption = new AbortController();
  // The second ctrl+c ends everything at once.
  process.once('SIGINT', () => {
    interruption.abort();
    process.once('SIGINT', () => process.exit(exitCodes.interrupted));
  });
  // A reader such as head that has seen enough.
  process.stdout.on('error', () => process.exit(exitCodes.error));
  const console = processConsole();
  try {
    const [{ dispatch }, { readSettings }] = await Promise.all([
      import('./commands/dispatch.ts'),
      import('./settings.ts'),
    ]);
    const argv = process.argv.slice(2);
    // A question needs its own module alone, and most of a start is loading.
    const asked = moduleNames.filter((name) => name === argv[0]);
    return await dispatch(argv, typeof MIG_VERSION === 'undefined' ? 'development' : MIG_VERSION, {
      console,
      settings: () => readSettings(process.env),
      modules: await loadModules(asked.length > 0 ? asked : moduleNames),
      signal: interruption.signal,
    });
  } catch (error) {
    // A prompt is told of ctrl+c by the terminal, without a signal.
    if (error instanceof CodedError && error.code === 'interrupted') {
      console.note(error.message);
      return exitCodes.interrupted;
    }
    if (interruption.signal.aborted) {
      console.note(error instanceof CodedError && error.code === 'cancelled' ? error.message : 'interrupted');
      return exitCodes.interrupted;
    }
    printError(error, console);
    return exitCodes.error;
  }
}

main().then((exitCode) => {
  process.exitCode = exitCode;
});
