/** A scripted relay with one toy agent behind it, and `mig` set up to ask it, for tests of whole commands. */
import type { ExitCode } from '../cli/exit-codes.ts';
import { readSettings } from '../cli/settings.ts';
import { StateKeeper } from '../cli/state-keeper.ts';
import type { CommandContext } from '../commands/context.ts';
import { dispatch } from '../commands/dispatch.ts';
import { ConnectionCache } from '../relay/connection-cache.ts';
import { recordConsole } from './recorded-console.ts';
import { type ScriptedSetting, startScriptedSetting } from './scripted-setting.ts';
import { ToyAgent } from './toy-agent.ts';
import { toyModules, toyResult } from './toy-module.ts';

interface Ran {
  readonly exitCode: number;
  /** What it wrote: `out: …` and `err: …`. */
  readonly lines: string[];
}

export interface ToyPlatform extends ScriptedSetting {
  readonly mig: (...argv: readonly string[]) => Promise<Ran>;
  /** With a ctrl+c of the test's own. */
  readonly migUntil: (signal: AbortSignal, interactive: boolean, ...argv: readonly string[]) => Promise<Ran>;
}

export async function startToyPlatform(): Promise<ToyPlatform> {
  const setting = await startScriptedSetting({
    answer: async (action, digest) => [
      await new ToyAgent('web1').result(
        action,
        digest,
        action.operations.map(() => toyResult(['wget'])),
      ),
    ],
  });
  const migUntil: ToyPlatform['migUntil'] = async (signal, interactive, ...argv) => {
    const console = recordConsole(interactive);
    const settings = () => readSettings(setting.environment);
    const connections = new ConnectionCache();
    const keeper = new StateKeeper(console.note);
    const runNext = (next: readonly string[]): Promise<ExitCode> => dispatch(next, context);
    const context: CommandContext = {
      console,
      settings,
      modules: toyModules,
      version: '1.2.3',
      connections,
      keeper,
      signal,
      runNext,
      servePage: () => Promise.reject(new Error('expected no question for the page')),
    };
    try {
      return { exitCode: await dispatch(argv, context), lines: console.lines };
    } finally {
      connections.close();
    }
  };
  return {
    ...setting,
    mig: (...argv) => migUntil(new AbortController().signal, false, ...argv),
    migUntil,
  };
}
