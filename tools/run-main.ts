import { CodedError, toMessage } from '../protocol/base/coded-error.ts';

/** Runs a tool; an error is told with its hint, and the exit code is 2. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`error: ${toMessage(error)}\n`);
    if (error instanceof CodedError && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
    process.exitCode = 2;
  }
}
