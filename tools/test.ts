/** `npm test`: everything that must hold, cheapest first. Names of files or folders after `--` run those tests alone. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Progress } from '../builder/progress.ts';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import { buildTools } from './lab/build-tools.ts';
import { projectRoot } from './lab/lab.ts';
import { provideTestCompiler } from './lab/test-compiler.ts';

const ignored = ['node_modules/**', 'dist/**', '.cache/**'];

function heading(text: string): void {
  process.stdout.write(`\n== ${text}\n`);
}

function run(name: string, script: string, args: readonly string[]): void {
  heading(name);
  const { status } = spawnSync(process.execPath, [join(projectRoot, script), ...args], {
    cwd: projectRoot,
    stdio: 'inherit',
  });
  if (status !== 0) throw new CodedError('test-failed', `${name} failed`);
}

/** Unit tests beside the code, then the end-to-end tests, which drive the packaged executables. */
function findTests(only: readonly string[]): string[] {
  const all = globSync('**/*.test.ts', { cwd: projectRoot, exclude: ignored }).sort();
  const chosen = only.length === 0 ? all : all.filter((file) => only.some((part) => file.startsWith(part)));
  if (chosen.length === 0)
    throw new CodedError('no-tests', `expected test files below ${only.join(', ') || projectRoot}, found none`);
  return chosen;
}

function runTests(files: readonly string[], concurrency: number): void {
  const args = ['--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`, ...files];
  const { status } = spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' });
  if (status !== 0) throw new CodedError('test-failed', 'tests failed');
}

async function main(only: readonly string[]): Promise<void> {
  const files = findTests(only);
  if (only.length === 0) {
    run('lint, format and import rules', 'node_modules/@biomejs/biome/bin/biome', [
      'check',
      '--error-on-warnings',
      '.',
    ]);
    run('types', 'node_modules/typescript/bin/tsc', ['--noEmit']);
  }
  heading('native addon and tools');
  process.env.CXX = await provideTestCompiler();
  await buildTools(Progress.to(process.stdout));
  const endToEnd = files.filter((file) => file.startsWith('tests/'));
  const unit = files.filter((file) => !file.startsWith('tests/'));
  if (unit.length > 0) {
    heading(`${unit.length} files of unit tests`);
    runTests(unit, 2);
  }
  if (endToEnd.length > 0) {
    heading(`${endToEnd.length} files of end-to-end tests`);
    runTests(endToEnd, 1);
  }
}

try {
  await main(process.argv.slice(2).filter((argument) => argument !== '--'));
} catch (error) {
  process.stderr.write(`error: ${toMessage(error)}\n`);
  process.exit(1);
}
