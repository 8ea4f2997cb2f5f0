import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { lockStateFolder, openStateFolder, readAgentPassword, readFileIfThere } from './state-folder.ts';

describe('the state folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mig-state-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is made for its owner only, with all folders above it', () => {
    const path = join(folder, 'a', 'b');
    openStateFolder(path);
    openStateFolder(path);
    assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  test('that cannot be made is said with a code', () => {
    writeFileSync(join(folder, 'file'), '');
    assert.throws(() => openStateFolder(join(folder, 'file')), { code: 'state-folder-unusable' });
  });

  test('has one server at a time', { skip: process.platform !== 'linux' }, async () => {
    const release = await lockStateFolder(folder);
    await assert.rejects(lockStateFolder(folder), { code: 'state-folder-in-use' });
    await release();
    await (await lockStateFolder(folder))();
  });

  test('keeps the password of the agents, for its owner only', () => {
    const first = readAgentPassword(folder);
    assert.ok(first.password.length >= 32);
    assert.equal(statSync(first.file).mode & 0o777, 0o600);
    assert.deepEqual(readAgentPassword(folder), first);
    assert.equal(readFileIfThere(join(folder, 'nothing')), null);
  });
});
