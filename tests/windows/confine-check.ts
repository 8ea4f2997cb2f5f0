/** A small program for Windows that confines itself as a module process does, and prints what it may still do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRunner, runExecutable } from '../../builder/check-executable/runner.ts';
import { findToolchain } from '../../builder/toolchain/toolchain.ts';
import { runProgram } from '../../tools/lab/child.ts';
import { projectRoot } from '../../tools/lab/lab.ts';

const target = { os: 'win32', arch: 'x64' } as const;
const sources = [
  'confine/confine_win.cc',
  'confine/token_win.cc',
  'platform/privilege_win.cc',
  'process/limits_win.cc',
  'text/wide_win.cc',
  'confine/testing/confine_check.cpp',
];

/** The program's output, by name. */
type ConfineReport = Readonly<Record<string, string>>;

export interface ConfineCheck {
  /** @param needs `files`, `processes`. */
  readonly run: (...needs: readonly string[]) => Promise<ConfineReport>;
  readonly close: () => void;
}

/** @throws Error when it does not compile, or wine is not there. */
export async function buildConfineCheck(): Promise<ConfineCheck> {
  const folder = mkdtempSync(join(tmpdir(), 'mig-confine-'));
  const executable = join(folder, 'confine_check.exe');
  const { compiler, compileFlags, env } = await findToolchain(projectRoot, target);
  const files = sources.map((source) => join(projectRoot, 'native', source));
  const parameters = [...compileFlags, '-std=c++17', '-I', join(projectRoot, 'native'), ...files];
  const libraries = ['-ladvapi32', '-lntdll', '-o', executable];
  const { code, stderr } = await runProgram(compiler, [...parameters, ...libraries], { env });
  if (code !== 0) throw new Error(stderr);
  const runner = await findRunner(executable, target, join(projectRoot, '.cache'));
  if (runner === null) throw new Error('expected wine');
  return {
    run: async (...needs) => {
      const lines = (await runExecutable(runner, needs, '')).trim().split(/\r?\n/);
      return Object.fromEntries(lines.map((line) => line.split(': ')));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
