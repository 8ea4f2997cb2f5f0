import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertRunsPrograms } from './runs-programs.ts';

const noMounts = process.platform === 'linux' && process.getuid?.() === 0 ? false : 'only root can mount';
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-runs-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a folder from which programs may be run stays as it is', () => {
  assertRunsPrograms(folder);
  assert.deepEqual(readdirSync(folder), []);
});

test('one that is mounted noexec is named before anything is built', { skip: noMounts }, () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'tmpfs', folder]);
  try {
    assert.throws(() => assertRunsPrograms(folder), { code: 'output-noexec' });
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    execFileSync('umount', [folder]);
  }
});
