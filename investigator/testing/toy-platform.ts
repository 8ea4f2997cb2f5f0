/** A scripted relay with one toy agent behind it, and `mig` set up to ask it, for tests of whole commands. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from 'openpgp';
import type { ExitCode } from '../cli/exit-codes.ts';
import { readSettings } from '../cli/settings.ts';
import { StateKeeper } from '../cli/state-keeper.ts';
import type { CommandContext } from '../commands/context.ts';
import { dispatch } from '../commands/dispatch.ts';
import { countsOf } from '../commands/follow.ts';
import { ConnectionCache } from '../relay/connection-cache.ts';
import { recordConsole } from './recorded-console.ts';
import { type ScriptedRelay, startScriptedRelay } from './scripted-relay.ts';
import { ToyAgent } from './toy-agent.ts';
import { toyModules, toyResult } from './toy-module.ts';

interface Ran {
  readonly exitCode: number;
  /** What it wrote: `out: …` and `err: …`. */
  readonly lines: string[];
}

export interface ToyPlatform {
  readonly relay: ScriptedRelay;
  readonly folder: string;
  readonly environment: Record<string, string>;
  readonly mig: (...argv: readonly string[]) => Promise<Ran>;
  /** With a ctrl+c of the test's own. */
  readonly migUntil: (signal: AbortSignal, interactive: boolean, ...argv: readonly string[]) => Promise<Ran>;
  readonly write: (name: string, text: string) => string;
  readonly close: () => Promise<void>;
}

export async function startToyPlatform(): Promise<ToyPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'mig-toy-'));
  const { privateKey } = await generateKey({ userIDs: [{ name: 'alice' }], format: 'armored' });
  const relay = await startScriptedRelay({
    agents: 1,
    counts: countsOf('succeeded', 1),
    unreported: [],
    answer: async (action, digest) => [
      await new ToyAgent('web1').result(
        action,
        digest,
        action.operations.map(() => toyResult(['wget'])),
      ),
    ],
    breaks: 0,
    clockAheadMs: 0,
    refusesLogins: false,
    override: undefined,
  });
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const environment = {
    MIG_SERVER: relay.url,
    MIG_CA: write('ca.pem', relay.ca),
    MIG_FLEET: 'production',
    MIG_KEY: write('alice.asc', privateKey),
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: folder,
  };
  const migUntil: ToyPlatform['migUntil'] = async (signal, interactive, ...argv) => {
    const console = recordConsole(interactive);
    const settings = () => readSettings(environment);
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
    relay,
    folder,
    environment,
    write,
    mig: (...argv) => migUntil(new AbortController().signal, false, ...argv),
    migUntil,
    close: async () => {
      await relay.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
