/** The facts that the agent tells of its host, and that targets are evaluated on. */
import { existsSync, readFileSync } from 'node:fs';
import { arch, hostname, networkInterfaces, platform, release, version } from 'node:os';
import type { AgentFacts } from '../../protocol/agent-message/agent-message.ts';
import { cutText } from '../../protocol/base/text.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { type ReadText, readCloudFacts, readSmallFile } from './cloud-facts.ts';

const osNames: Readonly<Record<string, string>> = { win32: 'windows' };

/** `PRETTY_NAME` of os-release(5): `Debian GNU/Linux 12 (bookworm)`. */
export function parseOsRelease(text: string): string | undefined {
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1];
}

/** `macOS 14.5` of Apple's property list. */
export function parseSystemVersion(text: string): string | undefined {
  const textOf = (key: string): string | undefined =>
    new RegExp(`<key>${key}</key>\\s*<string>([^<]*)</string>`).exec(text)?.[1];
  const parts = [textOf('ProductName'), textOf('ProductVersion')].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The system's own name, else the kernel's release. */
function readIdent(): string {
  switch (platform()) {
    case 'win32':
      return `${version()} ${release()}`;
    case 'darwin':
      return parseSystemVersion(readIfThere('/System/Library/CoreServices/SystemVersion.plist')) ?? release();
    default:
      return parseOsRelease(readIfThere('/etc/os-release')) ?? release();
  }
}

function readAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all
    .filter((address) => !address.internal)
    .map((address) => address.cidr ?? address.address)
    .slice(0, 256);
}

/** The system's first process: `systemd`, `openrc`, `init`; `launchd` and `windows` on those systems. */
export function readInit(read: ReadText = readSmallFile): string | undefined {
  if (platform() === 'win32') return 'windows';
  if (platform() === 'darwin') return 'launchd';
  if (read('/run/openrc/softlevel') !== undefined) return 'openrc';
  const name = read('/proc/1/comm')?.trim() ?? '';
  return /^[\w.-]{1,64}$/.test(name) ? name : undefined;
}

/** None of them changes while the agent runs. */
function readLastingFacts(): Record<string, string> {
  const init = readInit();
  return { ...(init === undefined ? {} : { init }), ...(platform() === 'linux' ? readCloudFacts() : {}) };
}

let lasting: Readonly<Record<string, string>> | undefined;

export function readFacts(environment: BakedEnvironment, agentVersion: string, mode: AgentFacts['mode']): AgentFacts {
  lasting ??= readLastingFacts();
  const os = osNames[platform()] ?? platform();
  const name = cutText(hostname(), 255) || 'unnamed';
  return {
    name,
    queueloc: cutText(`${os}.${name}`, 300),
    mode,
    version: agentVersion,
    environment: {
      os,
      arch: arch(),
      ident: cutText(readIdent(), 256),
      addresses: readAddresses(),
      // A proxy is tried first where the agent was built with one.
      isproxied: String(environment.relay.proxies.length > 0),
      modules: [...environment.modules],
      ...lasting,
    },
    tags: environment.tags,
  };
}
