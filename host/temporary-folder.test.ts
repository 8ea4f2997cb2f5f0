import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from './temporary-folder.ts';

test('a folder that is not there is passed by', () => {
  const made = makeTemporaryFolder('mig-test-', ['/nonexistent', tmpdir()]);
  assert.equal(dirname(made), tmpdir());
  rmSync(made, { recursive: true });
});

test('no folder at all is an error with the reason of each', () => {
  assert.throws(
    () => makeTemporaryFolder('mig-test-', ['/nonexistent', '/dev/null']),
    (error: Error) => {
      assert.equal('code' in error && error.code, 'no-temporary-folder');
      assert.match(error.message, /ENOENT.*ENOTDIR/);
      return true;
    },
  );
});
