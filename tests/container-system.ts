/** A minimal Debian 12 for the commands of a page, with the checkout in it. What they change goes with the container. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finished } from '../tools/lab/child.ts';
import { type Lab, projectRoot } from '../tools/lab/lab.ts';
import { provideRoot } from './debian-root.ts';
import { mustPodman, podman, runContainer } from './podman.ts';

/** What the pages take for given on a host, besides Node and npm. */
const packages = ['ca-certificates', 'gnupg', 'openssl', 'postgresql-client', 'procps', 'rabbitmq-server', 'systemd'];

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function findNpm(): string {
  const found = process.env.npm_execpath ?? execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  return realpathSync(found);
}

export class ContainerSystem {
  readonly #name: string;
  readonly #lab: Lab;

  private constructor(name: string, lab: Lab) {
    this.#name = name;
    this.#lab = lab;
  }

  /** Null when the mirror has no Debian 12. The container shares the network, and the folder of the laboratory. */
  static async start(lab: Lab): Promise<ContainerSystem | null> {
    const root = provideRoot('bookworm', packages);
    if (root === null) return null;
    const npm = findNpm();
    const npmFolder = dirname(dirname(npm));
    const mounts = [`${projectRoot}:${projectRoot}:O`, `${lab.folder}:${lab.folder}`, `${npmFolder}:${npmFolder}:ro`];
    const name = `mig-pages-${process.pid}`;
    const options = ['-d', '--rm', '--name', name, ...mounts.flatMap((mount) => ['-v', mount])];
    const { code, stderr } = await runContainer('host', ...options, '--rootfs', `${root}:O`, 'sleep', 'infinity');
    assert.equal(code, 0, stderr);
    const system = new ContainerSystem(name, lab);
    const node = join(projectRoot, 'node_modules', '.bin', 'node');
    await system.writeFile('/usr/local/bin/node', `#!/bin/sh\nexec ${node} "$@"\n`, '755');
    await system.writeFile('/usr/local/bin/npm', `#!/bin/sh\nexec ${node} ${npm} "$@"\n`, '755');
    return system;
  }

  async writeFile(path: string, content: string | Uint8Array, mode = '644'): Promise<void> {
    const staged = this.#lab.path('staged');
    writeFileSync(staged, content);
    const { code, stderr } = await this.run('/', `install -D -m ${mode} '${staged}' '${path}'`);
    assert.equal(code, 0, stderr);
  }

  /** Runs a line of shell in a folder of the system. */
  run(folder: string, line: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    const path = [env.PATH, standardPath].filter((folders) => folders !== undefined).join(':');
    const variables = Object.entries({ HOME: '/root', LANG: 'C.UTF-8', ...env, PATH: path });
    const settings = variables.flatMap(([name, value]) => ['--env', `${name}=${value ?? ''}`]);
    return podman('exec', '-w', folder, ...settings, this.#name, 'sh', '-c', line);
  }

  async stop(): Promise<void> {
    await mustPodman('rm', '--force', '--time', '0', this.#name);
  }
}
