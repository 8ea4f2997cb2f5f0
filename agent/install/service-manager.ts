/** The service manager of a system: it starts the agent and keeps it running. One interface for all systems. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../host/make-folder.ts';
import { pause } from '../../host/pause.ts';
import { replaceFile } from '../../host/replace-file.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';

export type InstallCode = 'install-unsupported' | 'install-packaged' | 'install-failed';

export interface ServiceReport {
  readonly service: string;
  /** The executable's path, or where `install` would put it. */
  readonly executable: string;
  readonly isInstalled: boolean;
  readonly isRunning: boolean;
  /** The service manager's own word: `active`, `running`, `STOPPED`. */
  readonly activity: string;
}

export interface ServiceManager {
  /**
   * Copies this executable, registers it as a service and starts it; over an earlier one it is the upgrade.
   * @param root the folder of an image, where nothing is started; `/` for this very system.
   * @returns what was done, a line each.
   * @throws CodedError<InstallCode>
   */
  install(environment: BakedEnvironment, root: string): string[];
  /**
   * Stops the service and removes what `install` made; the state stays, it holds the audit log.
   * @throws CodedError<InstallCode>
   */
  uninstall(environment: BakedEnvironment, root: string): string[];
  report(environment: BakedEnvironment): ServiceReport;
}

/** @param isInstalled whether there was anything to remove. @param state the folder that stays; it is not there before the first start. */
export function toRemovalLines(service: string, isInstalled: boolean, state: string): string[] {
  if (!isInstalled) return [`${service} is not installed; nothing was removed`];
  const kept = existsSync(state) ? [`its key and audit log are still in ${state}`] : [];
  return [`removed ${service}`, ...kept];
}

/** This executable, for its owner alone; the one that runs at that place goes on running. */
export function placeExecutable(from: string, path: string): void {
  makeFolder(dirname(path), 0o755);
  // Read and written: a copy would have the mode of the original while it is made.
  replaceFile(path, readFileSync(from), 0o700);
}

/** A file that the service manager reads. */
export function placeDescription(path: string, text: string): void {
  makeFolder(dirname(path), 0o755);
  replaceFile(path, text, 0o644);
}

/** Runs the part that touches the system and tells its failure as one of ours. */
export function guarded(work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError<InstallCode>('install-failed', `expected to change this system, got: ${toMessage(cause)}`, {
      hint: process.platform === 'win32' ? 'run this as an administrator' : 'run this as root',
      cause,
    });
  }
}

/**
 * Runs a program of the system.
 * @returns what it said.
 * @throws CodedError<InstallCode> install-failed when it does not end with 0
 */
export function runProgram(command: string, parameters: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync(command, parameters, { encoding: 'utf8', windowsHide: true });
  if (status === 0) return stdout;
  const said = error?.message ?? `${stderr.trim()} ${stdout.trim()}`.trim();
  throw new CodedError<InstallCode>(
    'install-failed',
    `expected ${command} ${parameters.join(' ')} to work, got: ${said || `exit code ${status}`}`,
    { hint: 'run that command by hand; this needs the rights of an administrator' },
  );
}

/** Longer than an agent takes to stop: it lets running modules finish first. */
const patienceMs = 45_000;
const pauseMs = 200;

/** @throws CodedError<InstallCode> install-failed */
export function waitUntil(isDone: () => boolean, what: string): void {
  const deadline = Date.now() + patienceMs;
  while (!isDone()) {
    if (Date.now() > deadline)
      throw new CodedError<InstallCode>('install-failed', `expected ${what} within ${patienceMs / 1000} s`, {
        hint: 'see what it waits for, then run this again',
      });
    pause(pauseMs);
  }
}
