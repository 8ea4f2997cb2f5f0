import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const hasClang = spawnSync('clang++', ['--version'], { stdio: 'ignore' }).status === 0;
const main = join(import.meta.dirname, 'native.ts');

test('the harnesses are built and run', { skip: !hasClang && 'clang++ is not installed', timeout: 600_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--seconds', '1', '--only', 'literals'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^literals +\d+ executions in 1 s, no finding\n$/);
});

test('a harness that is not there is refused with the names of those that are', () => {
  const { status, stderr } = spawnSync(process.execPath, [main, '--only', 'nothing'], { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stderr, /expected one of content, literals, parameters, unpack, got nothing/);
});
