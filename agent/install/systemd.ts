/** Puts the running executable on a host, or into the folder of an image, as a systemd service; takes it away; tells how it is. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError, toMessage } from '../../protocol/coded-error.ts';
import type { BakedEnvironment } from '../../protocol/environment.ts';
import { serviceName, toUnit } from '../../protocol/systemd-unit.ts';

export type InstallCode = 'install-unsupported' | 'install-failed';

export interface Placement {
  readonly service: string;
  /** As the host itself will see them. */
  readonly executable: string;
  readonly unit: string;
  /** What `systemctl enable` makes. */
  readonly wanted: string;
}

export function placementOf(environment: BakedEnvironment): Placement {
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
export function isManaged(root: string): boolean {
  return root === '/' && existsSync('/run/systemd/system');
}

/** @throws CodedError<InstallCode> */
function systemctl(...args: readonly string[]): void {
  const { status, error, stderr } = spawnSync('systemctl', args, { encoding: 'utf8' });
  if (status !== 0)
    throw new CodedError<InstallCode>(
      'install-failed',
      `expected systemctl ${args.join(' ')} to work, got: ${error?.message ?? stderr.trim()}`,
      { hint: 'see journalctl -xe' },
    );
}

/** `active`, `inactive`, `failed` and so on. */
export function readActivity(service: string): string {
  const { stdout } = spawnSync('systemctl', ['is-active', `${service}.service`], { encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
}

function replaceFile(path: string, mode: number, write: (temporary: string) => void): void {
  const temporary = `${path}.${process.pid}.new`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  try {
    write(temporary);
    chmodSync(temporary, mode);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Runs the part that touches the system and tells its failure as one of ours. */
function guarded(work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError<InstallCode>('install-failed', `expected to change this system, got: ${toMessage(cause)}`, {
      hint: 'run this as root',
      cause,
    });
  }
}

/**
 * Copies this executable, writes and enables its unit, and starts it where systemd runs; over an earlier one it is the upgrade.
 * @param root the folder of an image, or `/`.
 * @returns what was done, a line each.
 * @throws CodedError<InstallCode>
 */
export function install(environment: BakedEnvironment, root: string): string[] {
  if (process.platform !== 'linux' || !managers.some((path) => existsSync(join(root, path))))
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

/** Stops the service and removes what `install` made; the state stays, it holds the audit log. */
export function uninstall(environment: BakedEnvironment, root: string): string[] {
  const { service, executable, unit, wanted } = placementOf(environment);
  guarded(() => {
    if (isManaged(root) && existsSync(unit)) systemctl('stop', `${service}.service`);
    for (const path of [wanted, unit, executable]) rmSync(join(root, path), { force: true });
    if (isManaged(root)) systemctl('daemon-reload');
  });
  return [`removed ${service}`, `its key and audit log are still in /var/lib/mig-agent/${environment.name}`];
}
