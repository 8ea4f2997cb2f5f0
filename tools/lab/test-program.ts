/** Native programs of tests: compiled again only when something that they may be made of has changed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './lab.ts';

const native = join(projectRoot, 'native');
const cache = join(projectRoot, '.cache', 'test-programs');

export interface TestProgram {
  readonly name: string;
  readonly compiler: string;
  readonly flags: readonly string[];
  /** Relative to `native/`. */
  readonly sources: readonly string[];
}

/** Of the compiler, of how it is called, and of every source and header in `native/`. */
function toKey({ compiler, flags, sources }: TestProgram): string {
  const { stdout } = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
  const digest = createHash('sha256').update(JSON.stringify([compiler, stdout, flags, sources]));
  for (const file of globSync('**/*.{h,cc,cpp}', { cwd: native, exclude: ['build/**'] }).sort())
    digest.update(`\0${file}\0`).update(readFileSync(join(native, file)));
  return digest.digest('hex').slice(0, 16);
}

/** @returns the path of the program; the one of other sources is removed. */
export function provideTestProgram(order: TestProgram): string {
  const { name, compiler, flags, sources } = order;
  const program = join(cache, `${name}-${toKey(order)}`);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'new-'));
  try {
    const made = join(folder, name);
    const paths = sources.map((source) => join(native, source));
    execFileSync(compiler, ['-std=c++17', ...flags, '-I', native, '-o', made, ...paths]);
    renameSync(made, program);
    for (const old of globSync(`${name}-*`, { cwd: cache }).map((file) => join(cache, file)))
      if (old !== program) rmSync(old, { force: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return program;
}
