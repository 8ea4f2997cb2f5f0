/**
 * An agent under fire: the real one, on a state directory of its own. Only the module host is made up: it counts each run
 * of a module, and each run takes long enough to be killed.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAgent } from '../../agent/daemon.ts';
import { module as fileModule } from '../../modules/file/module.ts';
import type { RunsModules } from '../../modules/host/module-host.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { emptyReceipt } from '../../protocol/result/result.ts';

/** Longest run of a module. */
const longestRunMs = 1000;

function runsFile(stateDirectory: string): string {
  return join(stateDirectory, 'runs.jsonl');
}

/** Records that the module ran for this path, as an agent's module host does. */
export function recordRun(stateDirectory: string, parameters: unknown): void {
  appendFileSync(runsFile(stateDirectory), `${JSON.stringify(parameters)}\n`);
}

/** How often a module ran for this path. */
export function countRuns(stateDirectory: string, path: string): number {
  const file = runsFile(stateDirectory);
  const runs = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return runs.filter((run) => run.includes(JSON.stringify(path))).length;
}

function countingHost(stateDirectory: string): RunsModules {
  return {
    blocked: null,
    prepare: () => {},
    close: () => {},
    run: async (_module, parameters) => {
      recordRun(stateDirectory, parameters);
      await sleep(Math.random() * longestRunMs);
      const statistics = {
        filescount: 0,
        directoriescount: 0,
        bytesread: 0,
        openfailed: 0,
        totalhits: 0,
      };
      const found = { success: true, foundanything: false, elements: { s1: [] }, statistics };
      return { result: { ...found, errors: [], receipt: emptyReceipt() }, questions: 0 };
    },
  };
}

/** Resolves when the report is on its way to the relay. */
export async function startCountingAgent(environment: BakedEnvironment, stateDirectory: string): Promise<void> {
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const modules = {
    file: { loadModule: async () => fileModule, loadRun: () => Promise.reject(new Error('run by the host above')) },
  };
  const options = { environment, modules, version: '0.1.0', stateDirectory };
  await startAgent(options, 'daemon', countingHost(stateDirectory));
}
