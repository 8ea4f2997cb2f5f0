/** What the agent says of its host, and what a target is held against. */
import { existsSync, readFileSync } from 'node:fs';
import { arch, hostname, networkInterfaces, platform, release } from 'node:os';
import type { AgentFacts } from '../protocol/agent-message.ts';
import type { BakedEnvironment } from '../protocol/environment.ts';

const osNames: Readonly<Record<string, string>> = { win32: 'windows' };

/** `PRETTY_NAME` of os-release(5), else the kernel's release. */
function readIdent(): string {
  const path = '/etc/os-release';
  if (!existsSync(path)) return release();
  const match = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readFileSync(path, 'utf8'));
  return (match?.[1] ?? release()).slice(0, 256);
}

function readAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all
    .filter((address) => !address.internal)
    .map((address) => address.cidr ?? address.address)
    .slice(0, 256);
}

export function readFacts(environment: BakedEnvironment, version: string, mode: AgentFacts['mode']): AgentFacts {
  const os = osNames[platform()] ?? platform();
  const name = hostname().slice(0, 255) || 'unnamed';
  return {
    name,
    queueloc: `${os}.${name}`.slice(0, 300),
    mode,
    version,
    environment: { os, arch: arch(), ident: readIdent(), addresses: readAddresses() },
    tags: environment.tags,
  };
}
