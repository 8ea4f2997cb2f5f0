/** `mig web` before a scripted relay, with agents whose answers a test makes up: everything real but the fleet. */
import { loadModules } from '../../modules/registry.ts';
import type { Action } from '../../protocol/action/action.ts';
import { type CommandRecord, type Counts, noCounts, type Report } from '../../protocol/api/api.ts';
import { readSettings } from '../cli/settings.ts';
import { StateKeeper } from '../cli/state-keeper.ts';
import type { CommandContext } from '../commands/context.ts';
import { dispatch } from '../commands/dispatch.ts';
import { ConnectionCache } from '../relay/connection-cache.ts';
import { toPageFiles } from '../web/page-files.ts';
import { serveWeb } from '../web/serve-page.ts';
import { recordConsole } from './recorded-console.ts';
import type { ScriptedRelay } from './scripted-relay.ts';
import { startScriptedSetting } from './scripted-setting.ts';

export interface WebPlatform {
  readonly relay: ScriptedRelay;
  /** With the secret behind `#`; good once. */
  readonly link: string;
  /** What the terminal shows. */
  readonly lines: readonly string[];
  /** Questions to the person; each is answered as `answers` says. */
  readonly asked: string[];
  answers: boolean;
  /** Runs a command of `mig` beside the page. @returns what it wrote on stdout. */
  readonly mig: (...argv: readonly string[]) => Promise<string[]>;
  readonly close: () => Promise<void>;
}

export interface WebScript {
  readonly answer: (action: Action, digest: string) => Promise<readonly Report[]>;
  readonly counts?: Partial<Counts>;
  readonly unreported?: readonly CommandRecord[];
  readonly agents?: number;
}

/** @param page as the builder bundles it. */
export async function startWebPlatform(
  page: { readonly script: string; readonly style: string },
  script: WebScript,
): Promise<WebPlatform> {
  const { relay, environment, close } = await startScriptedSetting({
    ...script,
    counts: { ...noCounts, succeeded: 1, ...script.counts },
  });
  const ending = new AbortController();
  const console = recordConsole(false);
  const connections = new ConnectionCache();
  const context: CommandContext = {
    console,
    settings: () => readSettings(environment),
    modules: await loadModules(),
    version: '1.2.3',
    connections,
    keeper: new StateKeeper(console.note),
    signal: ending.signal,
    runNext: (next) => dispatch(next, context),
    servePage: () => serving,
  };
  const asked: string[] = [];
  const platform = { answers: true };
  const person = {
    confirms: async (question: string) => {
      asked.push(question);
      return platform.answers;
    },
  };
  const serving = serveWeb(toPageFiles({ script: page.script, style: page.style }), person, context);
  const findLink = (): string | undefined => console.lines.find((line) => line.startsWith('out: http'))?.slice(5);
  while (findLink() === undefined) await Promise.race([serving, new Promise((wait) => setTimeout(wait, 10))]);
  return Object.assign(platform, {
    relay,
    link: findLink() ?? '',
    lines: console.lines,
    asked,
    mig: async (...argv: readonly string[]) => {
      const own = recordConsole(false);
      await dispatch(argv, { ...context, console: own, signal: new AbortController().signal });
      return own.lines.filter((line) => line.startsWith('out: ')).map((line) => line.slice(5));
    },
    close: async () => {
      ending.abort();
      await serving;
      connections.close();
      await close();
    },
  });
}
