/** The `mig` command: the only place here that knows signals and the process. */
import { modules } from '../modules/registry.ts';
import { CodedError } from '../protocol/coded-error.ts';
import { dispatch } from './commands/dispatch.ts';
import { exitCodes } from './exit-codes.ts';
import { printError, processConsole } from './output/console.ts';
import { readSettings } from './settings.ts';

/** Set by the bundler. */
declare const MIG_VERSION: string | undefined;

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
    return await dispatch(process.argv.slice(2), typeof MIG_VERSION === 'undefined' ? 'development' : MIG_VERSION, {
      console,
      settings: () => readSettings(process.env),
      modules: new Map(modules.map((module) => [module.spec.name, module])),
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
