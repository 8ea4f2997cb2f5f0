/** The agent as a systemd service, on a host or in the folder of an image. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '../../protocol/coded-error.ts';
import type { BakedEnvironment } from '../../protocol/environment.ts';
import { serviceName, toUnit } from '../../protocol/systemd-unit.ts';
import { serviceStateDirectory } from '../state-directory.ts';
import {
  guarded,
  type InstallCode,
  replaceFile,
  runProgram,
  type ServiceManager,
  type ServiceReport,
} from './service-manager.ts';

interface Placement {
  readonly service: string;
  /** As the host itself will see them. */
  readonly executable: string;
  readonly unit: string;
  /** What `systemctl enable` makes. */
  readonly wanted: string;
}

function placementOf(environment: BakedEnvironment): Placement {
  const service = serviceName(environment.name);
  const units = '/etc/systemd/system';
  return {
    service,
    executable: `/usr/local/sbin/${service}`,
    unit: `${units}/${service}.service`,
    wanted: `${units}/multi-user.target.wants/${service}.service`,
  };
}

/** The executable that runs, even when its file has been replaced meanwhile. */
const ownExecutable = '/proc/self/exe';
const managers = ['usr/lib/systemd/systemd', 'lib/systemd/systemd'];

/** Whether systemd is what runs this very machine; false in a container or a chroot, and for the folder of an image. */
function isManaged(root: string): boolean {
  return root === '/' && existsSync('/run/systemd/system');
}

function systemctl(...parameters: readonly string[]): void {
  runProgram('systemctl', parameters);
}

function install(environment: BakedEnvironment, root: string): string[] {
  if (!managers.some((path) => existsSync(join(root, path))))
    throw new CodedError<InstallCode>('install-unsupported', `expected systemd in ${root}, got none`, {
      hint: 'let what starts programs there start mig-agent, without arguments and as root',
    });
  const { service, executable, unit, wanted } = placementOf(environment);
  const lines = [`executable  ${executable}`, `unit        ${unit}`];
  guarded(() => {
    // Root alone: the relay's password is in it.
    replaceFile(join(root, executable), 0o700, (path) => copyFileSync(ownExecutable, path));
    replaceFile(join(root, unit), 0o644, (path) => writeFileSync(path, toUnit(environment, executable)));
    mkdirSync(dirname(join(root, wanted)), { recursive: true, mode: 0o755 });
    rmSync(join(root, wanted), { force: true });
    symlinkSync(unit, join(root, wanted));
    if (!isManaged(root)) return;
    systemctl('daemon-reload');
    systemctl('restart', `${service}.service`);
  });
  return [...lines, isManaged(root) ? 'started' : 'it starts when the system boots'];
}

function uninstall(environment: BakedEnvironment, root: string): string[] {
  const { service, executable, unit, wanted } = placementOf(environment);
  guarded(() => {
    if (isManaged(root) && existsSync(unit)) systemctl('stop', `${service}.service`);
    for (const path of [wanted, unit, executable]) rmSync(join(root, path), { force: true });
    if (isManaged(root)) systemctl('daemon-reload');
  });
  return [`removed ${service}`, `its key and audit log are still in ${serviceStateDirectory(environment.name)}`];
}

/** `active`, `inactive`, `failed` and so on. */
function readActivity(service: string): string {
  const { stdout } = spawnSync('systemctl', ['is-active', `${service}.service`], { encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
}

function report(environment: BakedEnvironment): ServiceReport {
  const { service, executable, unit } = placementOf(environment);
  const activity = isManaged('/') ? readActivity(service) : 'systemd does not run here';
  return { service, executable, isInstalled: existsSync(unit), isRunning: activity === 'active', activity };
}

export const systemd: ServiceManager = { install, uninstall, report };
