import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const main = join(import.meta.dirname, 'native.ts');

test('a harness that is not there is refused with the names of those that are', () => {
  const { status, stderr } = spawnSync(process.execPath, [main, '--only', 'nothing'], { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(
    stderr,
    /expected one of capabilities, content, journal, literals, parameters, secrets, unpack, got nothing/,
  );
});
