/** Containers by podman. Their images are made of what is on this machine. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type Finished, runProgram } from '../tools/lab/child.ts';
import { provideRoot, whyNoRoots } from './debian-root.ts';

/** Works in a virtual machine without systemd, too. */
const always = ['--runtime', 'runc', '--cgroup-manager=cgroupfs'];
const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];

/** The reason why no container runs here; null when one does. */
export function whyNoContainers(): string | null {
  if (process.platform !== 'linux') return 'containers are of Linux';
  for (const program of ['podman', 'runc'])
    if (spawnSync(program, ['--version']).status !== 0) return `${program} is not installed`;
  return whyNoRoots();
}

export function podman(...args: readonly string[]): Promise<Finished> {
  return runProgram('podman', [...always, ...args]);
}

/** @returns what it prints. */
export async function mustPodman(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await podman(...args);
  assert.equal(code, 0, `podman ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout.trim();
}

/** @param args options, the image and its command. */
export function runContainer(network: 'none' | 'host', ...args: readonly string[]): Promise<Finished> {
  return podman('run', `--network=${network}`, ...limits, ...args);
}

/** Builds by a Dockerfile; `args` are options and the folder of the context. */
export function buildImage(...args: readonly string[]): Promise<string> {
  return mustPodman('build', '--network=none', ...limits, '--pull=never', '--layers=false', ...args);
}

/**
 * An image of a minimal Debian 12.
 * @param tag to be removed by who asked for it.
 */
export async function importDebian(tag: string, packages: readonly string[] = []): Promise<void> {
  const root = provideRoot('bookworm', packages);
  assert.ok(root !== null, 'the mirror has no bookworm');
  const { code, stderr } = await runProgram('sh', [
    '-c',
    `tar -C "$0" -c . | podman ${always.join(' ')} import --quiet - "$1"`,
    root,
    tag,
  ]);
  assert.equal(code, 0, stderr);
}
