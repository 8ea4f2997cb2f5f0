/** `npm test`: all checks, cheapest first. Names of files or folders after `--` run only these tests. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Progress } from '../builder/progress.ts';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import { buildTools } from './lab/build-tools.ts';
import { projectRoot } from './lab/lab.ts';
import { provideTestCompiler } from './lab/test-compiler.ts';
import { describeSlowest, type FileTime, runTestFiles } from './test-files.ts';

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

/** Files that start first in their group, because they take the longest: otherwise one would run alone at the end. */
const first = [
  'tools/fuzz/fuzz.test.ts',
  'server/kill.test.ts',
  'server/largest.test.ts',
  'tests/drill/hosts.test.ts',
  'tests/drill/relays.test.ts',
  'tests/drill/floods.test.ts',
  'tests/drill/orders.test.ts',
  'tests/sysadmin-docs.test.ts',
  'tests/new-module.test.ts',
];

/** Several files wait more than they compute: three of them keep two processors busy. */
const unitConcurrency = 3;
/** These change mounts and start whole platforms. */
const endToEndConcurrency = 2;

interface Group {
  readonly name: string;
  readonly files: readonly string[];
  readonly concurrency: number;
}

function toGroups(files: readonly string[]): Group[] {
  const ordered = [...first.filter((file) => files.includes(file)), ...files.filter((file) => !first.includes(file))];
  const isEndToEnd = (file: string): boolean => file.startsWith('tests/');
  return [
    { name: 'unit tests', files: ordered.filter((file) => !isEndToEnd(file)), concurrency: unitConcurrency },
    { name: 'end-to-end tests', files: ordered.filter(isEndToEnd), concurrency: endToEndConcurrency },
  ];
}

/** Unit tests beside the code, then the end-to-end tests, which drive the packaged executables. */
function findTests(only: readonly string[]): string[] {
  const all = globSync('**/*.test.ts', { cwd: projectRoot, exclude: ignored }).sort();
  const chosen = only.length === 0 ? all : all.filter((file) => only.some((part) => file.startsWith(part)));
  if (chosen.length === 0)
    throw new CodedError('no-tests', `expected test files below ${only.join(', ') || projectRoot}, found none`);
  return chosen;
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
    run('unused exports and dependencies', 'node_modules/knip/bin/knip.js', [
      '--include',
      'files,exports,types,dependencies',
    ]);
  }
  heading('native addon and tools');
  process.env.CXX = await provideTestCompiler();
  await buildTools(Progress.to(process.stdout));
  const times: FileTime[] = [];
  for (const { name, files: group, concurrency } of toGroups(files)) {
    if (group.length === 0) continue;
    heading(`${group.length} files of ${name}`);
    times.push(...(await runTestFiles(group, concurrency)));
  }
  heading(describeSlowest(times, 12));
}

try {
  await main(process.argv.slice(2).filter((argument) => argument !== '--'));
} catch (error) {
  process.stderr.write(`error: ${toMessage(error)}\n`);
  process.exit(1);
}
