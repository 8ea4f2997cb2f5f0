/** The agent as a service of Windows. @see https://learn.microsoft.com/windows-server/administration/windows-commands/sc-create */

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { win32 } from 'node:path';
import { makeFolder } from '../../host/make-folder.ts';
import { serviceName } from '../../host/systemd-unit.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { closedToOthers, serviceStateDirectory } from '../state/state-directory.ts';
import { systemProgram } from '../system/system-program.ts';
import {
  guarded,
  type InstallCode,
  placeExecutable,
  runProgram,
  type ServiceManager,
  type ServiceReport,
  toRemovalLines,
  waitUntil,
} from './service-manager.ts';

interface Placement {
  readonly service: string;
  readonly folder: string;
  readonly executable: string;
}

/** Below a folder where only administrators may make anything: nobody can have put something there before. */
function placementOf({ name }: BakedEnvironment): Placement {
  const folder = win32.dirname(serviceStateDirectory(name, 'win32'));
  return { service: serviceName(name), folder, executable: win32.join(folder, 'mig-agent.exe') };
}

/** Commands for `sc`, in order. The service runs as LocalSystem, and starts again five seconds after a crash. */
export function toServiceCommands(environment: BakedEnvironment, isNew: boolean): string[][] {
  const { service, executable } = placementOf(environment);
  const display = `MIG agent (${environment.name})`;
  const create = ['create', service, 'binPath=', `"${executable}" service`, 'start=', 'auto', 'DisplayName=', display];
  const restart = Array.from({ length: 3 }, () => 'restart/5000').join('/');
  return [
    ...(isNew ? [create] : []),
    ['description', service, 'Answers signed questions of the security team about this host.'],
    ['failure', service, 'reset=', '86400', 'actions=', restart],
    ['start', service],
  ];
}

const stopped = 1;
const running = 4;

/** The state in what `sc query` prints, in whatever language: the second of its numbered lines. */
export function parseServiceState(printed: string): { readonly code: number; readonly name: string } | null {
  const [, state] = [...printed.matchAll(/: (\d+) +([A-Z_0-9]+)\s*$/gm)];
  return state === undefined ? null : { code: Number(state[1]), name: state[2] ?? '' };
}

const sc = (...parameters: readonly string[]): string => runProgram(systemProgram('sc'), parameters);

/** Null when there is no such service. */
function readState(service: string): ReturnType<typeof parseServiceState> {
  const { stdout } = spawnSync(systemProgram('sc'), ['query', service], { encoding: 'utf8', windowsHide: true });
  return parseServiceState(stdout ?? '');
}

function stop(service: string): void {
  const state = readState(service);
  if (state === null || state.code === stopped) return;
  sc('stop', service);
  waitUntil(() => readState(service)?.code === stopped, `${service} to stop`);
}

function assertThisSystem(root: string): void {
  if (root !== '/' && root !== win32.resolve('/'))
    throw new CodedError<InstallCode>('install-unsupported', `expected to install on this very system, got ${root}`, {
      hint: 'run mig-agent install when the image starts for the first time',
    });
}

function install(environment: BakedEnvironment, root: string): string[] {
  assertThisSystem(root);
  const { service, folder, executable } = placementOf(environment);
  guarded(() => {
    makeFolder(folder);
    // The relay's password is in the executable.
    runProgram(systemProgram('icacls'), [folder, '/inheritance:r', '/grant:r', ...closedToOthers]);
    stop(service);
    if (win32.resolve(process.execPath).toLowerCase() !== executable.toLowerCase())
      placeExecutable(process.execPath, executable);
    for (const parameters of toServiceCommands(environment, readState(service) === null)) sc(...parameters);
  });
  return [`executable  ${executable}`, `service     ${service}`, 'started'];
}

function uninstall(environment: BakedEnvironment, root: string): string[] {
  assertThisSystem(root);
  const { service, executable } = placementOf(environment);
  const isInstalled = readState(service) !== null || existsSync(executable);
  guarded(() => {
    stop(service);
    if (readState(service) !== null) sc('delete', service);
    rmSync(executable, { force: true });
  });
  return toRemovalLines(service, isInstalled, serviceStateDirectory(environment.name));
}

function report(environment: BakedEnvironment): ServiceReport {
  const { service, executable } = placementOf(environment);
  const state = readState(service);
  return {
    service,
    executable,
    isInstalled: state !== null && existsSync(executable),
    isRunning: state?.code === running,
    activity: state?.name ?? 'no such service',
  };
}

export const windowsServices: ServiceManager = { install, uninstall, report };
