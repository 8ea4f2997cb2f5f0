/** The context that every command is given. */

import type { Module } from '../../modules/kit/module.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import type { Settings } from '../cli/settings.ts';
import type { StateKeeper } from '../cli/state-keeper.ts';
import type { ConnectionCache } from '../relay/connection-cache.ts';
import type { Console } from '../terminal/console.ts';

export interface CommandContext {
  readonly console: Console;
  /** Read on demand: help and `-t local` need none. @throws CodedError<SettingsCode> */
  readonly settings: () => Settings;
  readonly modules: ReadonlyMap<string, Module>;
  readonly version: string;
  readonly connections: ConnectionCache;
  readonly keeper: StateKeeper;
  /** Aborted by ctrl+c. */
  readonly signal: AbortSignal;
  /** Runs another command, for which ctrl+c begins anew; what it throws is printed. */
  readonly runNext: (argv: readonly string[]) => Promise<ExitCode>;
  /** Serves the page for the browser, which stands on the commands. */
  readonly servePage: (context: CommandContext) => Promise<ExitCode>;
}
