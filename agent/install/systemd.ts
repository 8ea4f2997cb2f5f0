/** The agent as a systemd service, on a host or in the folder of an image. */

import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../host/make-folder.ts';
import { findOwnExecutable } from '../../host/own-executable.ts';
import { installedPlacement, packagedPlacement, serviceName, toUnit, wantedLink } from '../../host/systemd-unit.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { serviceStateDirectory } from '../state/state-directory.ts';
import { systemProgram } from '../system/system-program.ts';
import {
  guarded,
  type InstallCode,
  placeDescription,
  placeExecutable,
  runProgram,
  type ServiceManager,
  type ServiceReport,
  toRemovalLines,
} from './service-manager.ts';

const managers = ['usr/lib/systemd/systemd', 'lib/systemd/systemd'];

/** A link in an image may lead out of it, or nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Whether systemd is what runs this very machine; false in a container or a chroot, and for the folder of an image. */
function isManaged(root: string): boolean {
  return root === '/' && existsSync('/run/systemd/system');
}

function systemctl(...parameters: readonly string[]): void {
  runProgram(systemProgram('systemctl'), parameters);
}

/** A second agent beside the package's would be what systemd starts, whatever the package is upgraded to. */
function assertNotPackaged({ name }: BakedEnvironment, root: string): void {
  const { unit } = packagedPlacement(name);
  if (!existsSync(join(root, unit))) return;
  throw new CodedError<InstallCode>('install-packaged', `expected no package of this agent in ${root}, got ${unit}`, {
    hint: `upgrade the package ${serviceName(name)} by a new one, or remove it, with apt, dnf or what else put it there`,
  });
}

function install(environment: BakedEnvironment, root: string): string[] {
  if (!managers.some((path) => existsSync(join(root, path))))
    throw new CodedError<InstallCode>('install-unsupported', `expected systemd in ${root}, got none`, {
      hint: 'let what starts programs there start mig-agent, without arguments and as root',
    });
  assertNotPackaged(environment, root);
  const { executable, unit } = installedPlacement(environment.name);
  const wanted = wantedLink(environment.name);
  const lines = [`executable  ${executable}`, `unit        ${unit}`];
  guarded(() => {
    // Root alone: the relay's password is in it.
    placeExecutable(findOwnExecutable(), join(root, executable));
    placeDescription(join(root, unit), toUnit(environment, executable));
    makeFolder(dirname(join(root, wanted)), 0o755);
    rmSync(join(root, wanted), { force: true });
    symlinkSync(unit, join(root, wanted));
    if (!isManaged(root)) return;
    systemctl('daemon-reload');
    systemctl('restart', basename(unit));
  });
  return [...lines, isManaged(root) ? 'started' : 'it starts when the system boots'];
}

function uninstall(environment: BakedEnvironment, root: string): string[] {
  const { name } = environment;
  const { executable, unit } = installedPlacement(name);
  if (!existsSync(join(root, unit))) assertNotPackaged(environment, root);
  const places = [wantedLink(name), unit, executable];
  const isInstalled = places.some((path) => isThere(join(root, path)));
  guarded(() => {
    if (isManaged(root) && existsSync(unit)) systemctl('stop', basename(unit));
    for (const path of places) rmSync(join(root, path), { force: true });
    if (isManaged(root) && isInstalled) systemctl('daemon-reload');
  });
  return toRemovalLines(serviceName(name), isInstalled, join(root, serviceStateDirectory(name)));
}

/** `active`, `inactive`, `failed` and so on. */
function readActivity(service: string): string {
  const { stdout } = spawnSync(systemProgram('systemctl'), ['is-active', `${service}.service`], { encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
}

function report({ name }: BakedEnvironment): ServiceReport {
  const service = serviceName(name);
  const installed = installedPlacement(name);
  const found = [installed, packagedPlacement(name)].find(({ unit }) => existsSync(unit));
  const { executable } = found ?? installed;
  const activity = isManaged('/') ? readActivity(service) : 'systemd does not run here';
  return { service, executable, isInstalled: found !== undefined, isRunning: activity === 'active', activity };
}

export const systemd: ServiceManager = { install, uninstall, report };
