import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { replaceDurably, replaceFile, replaceWith } from './replace-file.ts';

describe('a file that is replaced', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mig-replace-'));
  const path = join(folder, 'file');
  beforeEach(() => writeFileSync(path, 'old'));
  after(() => rmSync(folder, { recursive: true }));

  const modeOf = (file: string): number => statSync(file).mode & 0o777;
  const isPosix = process.platform !== 'win32';

  test('has the new content and the mode, and nothing is left beside it', () => {
    replaceFile(path, 'new', 0o751);
    assert.equal(readFileSync(path, 'utf8'), 'new');
    if (isPosix) assert.equal(modeOf(path), 0o751);
    assert.deepEqual(readdirSync(folder), ['file']);
  });

  test("is its owner's alone, whatever the one before was", () => {
    for (const replace of [replaceFile, replaceDurably]) {
      chmodSync(path, 0o644);
      replace(path, Buffer.from('secret'));
      assert.equal(readFileSync(path, 'utf8'), 'secret');
      if (isPosix) assert.equal(modeOf(path), 0o600);
    }
  });

  test('stays as it was, with nothing beside it, when the new one cannot be made', async () => {
    const fail = (temporary: string): never => {
      writeFileSync(temporary, 'half');
      throw new Error('no room');
    };
    await assert.rejects(
      replaceWith(path, async (temporary) => fail(temporary)),
      /no room/,
    );
    mkdirSync(join(folder, 'folder'));
    for (const replace of [replaceFile, replaceDurably])
      assert.throws(() => replace(join(folder, 'folder'), 'a file'), { code: /EISDIR|EPERM/ });
    rmSync(join(folder, 'folder'), { recursive: true });
    assert.equal(readFileSync(path, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['file']);
  });
});
