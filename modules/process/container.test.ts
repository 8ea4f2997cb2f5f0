import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { startTarget } from '../kit/testing/target.ts';
import { ask } from './testing/ask.ts';

const id = '0123456789abcdef'.repeat(4);

/** The folder of the unified cgroup hierarchy; undefined when there is none or we may not change it. */
function findRoot(): string | undefined {
  const mounts = readFileSync('/proc/self/mounts', 'latin1').split('\n');
  const root = mounts.map((line) => line.split(' ')).find(([, , kind]) => kind === 'cgroup2')?.[1];
  if (root === undefined) return undefined;
  try {
    mkdirSync(join(root, 'mig-test'));
    rmdirSync(join(root, 'mig-test'));
    return root;
  } catch {
    return undefined;
  }
}

const root = findRoot();

describe('the container of a process', { skip: root === undefined ? 'needs root and cgroup v2' : false }, () => {
  const cases: readonly [string, string | undefined][] = [
    [`system.slice/docker-${id}.scope`, `docker/${id}`],
    [`docker/${id}`, `docker/${id}`],
    [`kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`, `containerd/${id}`],
    [`kubepods/besteffort/pod1/${id}`, `unknown/${id}`],
    [`kubepods-pod1.slice:cri-containerd:${id}`, `unknown/${id}`],
    [`machine.slice/libpod-${id}.scope`, `podman/${id}`],
    [`machine.slice/libpod-${id}.scope/container`, `podman/${id}`],
    [`crio-${id}.scope`, `crio/${id}`],
    ['lxc/web 1', 'lxc/web 1'],
    ['lxc.payload.web1', 'lxc/web1'],
    ['machine.slice/machine-deb.scope', 'systemd-nspawn/deb'],
    ['system.slice/docker-registry.service', undefined],
    ['user.slice/user-0.slice/session-1.scope', undefined],
  ];
  for (const [group, expected] of cases)
    it(`${group} is ${expected ?? 'none'}`, async () => {
      const parts = group.split('/');
      const folders = parts.map((_, index) => join(root ?? '', 'mig-test', ...parts.slice(0, index + 1)));
      mkdirSync(folders.at(-1) ?? '', { recursive: true });
      const target = await startTarget(['wait'], { name: 'mig-container' });
      try {
        writeFileSync(join(folders.at(-1) ?? '', 'cgroup.procs'), String(target.pid));
        const { hits } = await ask({ names: ['^mig-container$'] });
        assert.deepEqual(
          hits.map(({ container }) => container),
          [expected],
        );
      } finally {
        await target.end();
        for (const folder of [...folders.toReversed(), dirname(folders[0] ?? '')]) rmdirSync(folder);
      }
    });
});
