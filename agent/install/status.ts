/** `mig-agent status`: whether the service runs, which executable it is, and which agent this is. */
import { existsSync } from 'node:fs';
import { findOwnExecutable } from '../../host/own-executable.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { readIdentity } from '../state/identity.ts';
import { digestOfFile } from '../system/verify-manifest.ts';
import { loadServiceManager } from './load-manager.ts';

export interface Status {
  readonly lines: readonly string[];
  readonly isRunning: boolean;
}

async function describeExecutable(path: string): Promise<string> {
  if (!existsSync(path)) return 'not installed there';
  return (await digestOfFile(path)) === (await digestOfFile(findOwnExecutable()))
    ? 'this very one'
    : 'another build than this one';
}

export async function readStatus(environment: BakedEnvironment, state: string): Promise<Status> {
  const manager = await loadServiceManager();
  const { service, executable, activity, isInstalled, isRunning } = manager.report(environment);
  const identity = readIdentity(state);
  const facts: readonly (readonly [string, string])[] = [
    ['environment', environment.name],
    ['service', `${service}: ${activity}${isInstalled ? '' : ', not installed'}`],
    ['executable', `${executable}: ${await describeExecutable(executable)}`],
    ['state', state],
    ['agent', identity?.id ?? 'has not been started here'],
  ];
  return { lines: facts.map(([name, value]) => `${name.padEnd(12)}${value}`), isRunning };
}
