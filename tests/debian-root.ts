/** Minimal Debian systems in folders, made once by debootstrap and kept. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../tools/lab/lab.ts';

/** The reason why none can be made here; null when they can. */
export function whyNoRoots(): string | null {
  if (process.getuid?.() !== 0) return 'it needs root';
  if (spawnSync('debootstrap', ['--version']).status !== 0) return 'debootstrap is not installed';
  return null;
}

/**
 * @param suite `bookworm`.
 * @param packages what it has beside what every minimal system has.
 * @returns its folder; null when the mirror does not have it.
 */
export function provideRoot(suite: string, packages: readonly string[] = []): string | null {
  const root = join(projectRoot, '.cache', 'images', [suite, ...packages].join('-'));
  if (existsSync(root)) return root;
  mkdirSync(dirname(root), { recursive: true });
  const unfinished = `${root}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  process.stderr.write(`debootstrap ${suite} …\n`);
  const more = packages.length === 0 ? [] : [`--include=${packages.join(',')}`];
  const made = spawnSync('debootstrap', ['--variant=minbase', ...more, suite, unfinished], { stdio: 'ignore' });
  if (made.status !== 0) return null;
  renameSync(unfinished, root);
  return root;
}
