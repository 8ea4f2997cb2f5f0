/** This system for commands that change it: they see all of it, and write into a folder of the tests. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Finished, runProgram } from '../tools/lab/child.ts';
import type { Lab } from '../tools/lab/lab.ts';

export class OverlaySystem {
  readonly #root: string;
  readonly #pid: number;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(root: string, pid: number) {
    this.#root = root;
    this.#pid = pid;
    this.#env = { PATH: process.env.PATH, HOME: '/root', LANG: 'C.UTF-8' };
  }

  /** The reason why it cannot be made here for work in that folder; null when it can. */
  static async whyNot(folder: string): Promise<string | null> {
    if (process.getuid?.() !== 0) return 'it needs root';
    if (statSync(folder).dev !== statSync('/').dev) return `${folder} is not on the file system of /`;
    const { code } = await runProgram('unshare', ['--mount', 'grep', '-qw', 'overlay', '/proc/filesystems']);
    return code === 0 ? null : 'it needs unshare and overlayfs';
  }

  /** The laboratory ends it. */
  static async start(lab: Lab): Promise<OverlaySystem> {
    const [root, upper, work] = ['root', 'upper', 'work'].map((name) => lab.path('overlay', name));
    for (const folder of [root, upper, work]) mkdirSync(folder ?? '', { recursive: true });
    const script = [
      `mount -t overlay overlay -o lowerdir=/,upperdir=${upper},workdir=${work} ${root}`,
      ...['proc', 'dev', 'sys'].map((name) => `mount --rbind /${name} ${root}/${name}`),
      'echo mounted',
      'exec sleep infinity',
    ].join(' && ');
    const holder = lab.start('the overlay', 'unshare', ['--mount', 'sh', '-c', script]);
    await holder.waitForLine((line) => line === 'mounted');
    return new OverlaySystem(root ?? '', holder.child.pid ?? 0);
  }

  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    const file = join(`/proc/${this.#pid}/root`, this.#root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** The laboratory ends it. */
  async stop(): Promise<void> {}

  /** Runs a line of shell in a folder of the system. */
  run(folder: string, line: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    const enter = ['--target', String(this.#pid), '--mount', 'chroot', this.#root];
    return runProgram('nsenter', [...enter, 'sh', '-c', 'cd "$0" && eval "$1"', folder, line], {
      env: { ...this.#env, ...env },
    });
  }
}
