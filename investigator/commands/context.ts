/** What every command is given. */
import type { ModuleFace } from '../../modules/contract.ts';
import type { Console } from '../output/console.ts';
import type { Settings } from '../settings.ts';

export interface CommandContext {
  readonly console: Console;
  /** Read on demand: help and `-t local` need none. @throws CodedError<SettingsCode> */
  readonly settings: () => Settings;
  readonly modules: ReadonlyMap<string, ModuleFace>;
  /** Aborted by ctrl+c. */
  readonly signal: AbortSignal;
}
