import { reportError } from '../host/report-error.ts';

/** Runs a tool and sets its exit code: the one that it returns, 2 after an error, which is told with its hint. */
export async function runMain(main: () => Promise<number> | Promise<void>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    reportError(error);
    process.exitCode = 2;
  }
}
