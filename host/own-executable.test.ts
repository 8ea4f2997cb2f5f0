import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOwnExecutable } from './own-executable.ts';

test('a program finds its own file with /proc, without it, and says so when it does not', () => {
  const proc = '/proc/self/exe';
  assert.equal(
    findOwnExecutable(() => true),
    process.platform === 'linux' ? proc : process.execPath,
  );
  assert.equal(
    findOwnExecutable((path) => path !== proc),
    process.execPath,
  );
  assert.throws(() => findOwnExecutable(() => false), { code: 'no-own-executable' });
});
