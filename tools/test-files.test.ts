import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { projectRoot } from './lab/lab.ts';
import { describeSlowest } from './test-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'mig-test-files-'));
after(() => rmSync(folder, { recursive: true }));

/** In a process of its own: a test cannot run others. */
function runAll(...sources: readonly string[]) {
  const files = sources.map((source, index) => {
    const file = join(folder, `${index}.test.mjs`);
    writeFileSync(file, `import { test } from 'node:test';\n${source}\n`);
    return relative(projectRoot, file);
  });
  const script = join(folder, 'run.mjs');
  writeFileSync(
    script,
    `import { runTestFiles } from ${JSON.stringify(join(import.meta.dirname, 'test-files.ts'))};
    const times = await runTestFiles(${JSON.stringify(files)}, 2);
    console.log(times.length);`,
  );
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(process.execPath, [script], { encoding: 'utf8', env });
}

test('files that pass have a time each', () => {
  const { status, stdout, stderr } = runAll("test('one', () => {});", "test('two', () => {});");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^2$/m);
});

for (const [what, source] of [
  ['a test that fails', "test('fails', () => { throw new Error('no'); });"],
  ['a file that does not load', "import './absent.mjs';"],
  ['a file that ends early', "test('ends', () => process.exit(1));"],
] as const)
  test(`${what} is a failure, whatever the others do`, () => {
    const { status, stdout, stderr } = runAll("test('one', () => {});", source);
    assert.match(stdout, /^✔ one/m);
    assert.notEqual(status, 0);
    assert.match(stderr, /expected 2 files of tests to pass/);
  });

test('the longest are told first', () => {
  const times = [
    { file: 'a', seconds: 1 },
    { file: 'b', seconds: 12.34 },
    { file: 'c', seconds: 3 },
  ];
  assert.equal(describeSlowest(times, 2), '3 files took 16 s together; the longest:\n   12.3 s  b\n    3.0 s  c');
});
