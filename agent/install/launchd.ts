/** The agent as a launchd daemon of macOS. @see launchd.plist(5), launchctl(1) */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { serviceName } from '../../host/systemd-unit.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { serviceStateDirectory } from '../state/state-directory.ts';
import { systemProgram } from '../system/system-program.ts';
import {
  guarded,
  placeDescription,
  placeExecutable,
  runProgram,
  type ServiceManager,
  type ServiceReport,
  toRemovalLines,
  waitUntil,
} from './service-manager.ts';

interface Placement {
  /** Also launchd's label for it. */
  readonly service: string;
  readonly executable: string;
  readonly plist: string;
}

/** A folder outside /usr/local, which belongs to a user where Homebrew is installed. */
function placementOf({ name }: BakedEnvironment): Placement {
  const service = serviceName(name);
  return {
    service,
    executable: `/Library/PrivilegedHelperTools/${service}`,
    plist: `/Library/LaunchDaemons/${service}.plist`,
  };
}

/** A little more than the agent lets running modules go on after it was told to stop. */
const stopTimeoutSeconds = 40;

/** Names of environments hold nothing that XML would take for its own. */
export function toPlist(environment: BakedEnvironment): string {
  const { service, executable } = placementOf(environment);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${service}</string>
  <key>ProgramArguments</key>
  <array>
    <string>${executable}</string>
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>5</integer>
  <key>ExitTimeOut</key>
  <integer>${stopTimeoutSeconds}</integer>
  <key>Umask</key>
  <integer>${0o077}</integer>
  <key>EnvironmentVariables</key>
  <dict>
    <key>TMPDIR</key>
    <string>${serviceStateDirectory(environment.name, 'darwin')}</string>
  </dict>
</dict>
</plist>
`;
}

const launchctl = (...parameters: readonly string[]): string => runProgram(systemProgram('launchctl'), parameters);

/** `running` and the like in what `launchctl print` says; null when launchd does not know the service. */
export function parseState(printed: string): string | null {
  return /^\tstate = (.+)$/m.exec(printed)?.[1] ?? null;
}

function readState(service: string): string | null {
  const { status, stdout } = spawnSync(systemProgram('launchctl'), ['print', `system/${service}`], {
    encoding: 'utf8',
  });
  return status === 0 ? (parseState(stdout) ?? 'unknown') : null;
}

/** launchd forgets a service only when its process has ended; until then it takes no other of that name. */
function stop(service: string): void {
  if (readState(service) === null) return;
  launchctl('bootout', `system/${service}`);
  waitUntil(() => readState(service) === null, `launchd to end ${service}`);
}

function install(environment: BakedEnvironment, root: string): string[] {
  const { service, executable, plist } = placementOf(environment);
  guarded(() => {
    // Root alone: the relay's password is in it.
    placeExecutable(process.execPath, join(root, executable));
    placeDescription(join(root, plist), toPlist(environment));
    if (root !== '/') return;
    stop(service);
    launchctl('bootstrap', 'system', plist);
  });
  return [
    `executable  ${executable}`,
    `daemon      ${plist}`,
    root === '/' ? 'started' : 'it starts when the system boots',
  ];
}

function uninstall(environment: BakedEnvironment, root: string): string[] {
  const { service, executable, plist } = placementOf(environment);
  const places = [plist, executable];
  const isInstalled = places.some((path) => existsSync(join(root, path)));
  guarded(() => {
    if (root === '/') stop(service);
    for (const path of places) rmSync(join(root, path), { force: true });
  });
  return toRemovalLines(service, isInstalled, join(root, serviceStateDirectory(environment.name)));
}

function report(environment: BakedEnvironment): ServiceReport {
  const { service, executable, plist } = placementOf(environment);
  const state = readState(service);
  return {
    service,
    executable,
    isInstalled: existsSync(plist),
    isRunning: state === 'running',
    activity: state ?? 'not known to launchd',
  };
}

export const launchd: ServiceManager = { install, uninstall, report };
