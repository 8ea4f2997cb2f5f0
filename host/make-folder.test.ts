import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeFolder } from './make-folder.ts';

describe('a folder with those above it', () => {
  let scratch: string;
  before(() => {
    scratch = mkdtempSync(join(tmpdir(), 'mig-folder-'));
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  test('is made once, and all of them for their owner alone', () => {
    const path = join(scratch, 'a', 'b', 'c');
    assert.equal(makeFolder(path, 0o700), true);
    assert.equal(makeFolder(path, 0o700), false);
    for (const made of [path, join(scratch, 'a')]) assert.equal(statSync(made).mode & 0o777, 0o700);
  });

  test('may be a link to one', () => {
    symlinkSync(scratch, join(scratch, 'link'));
    assert.equal(makeFolder(join(scratch, 'link')), false);
  });

  test('is not made below a file, or in place of one', () => {
    writeFileSync(join(scratch, 'file'), '');
    assert.throws(() => makeFolder(join(scratch, 'file')), { code: 'EEXIST' });
    assert.throws(() => makeFolder(join(scratch, 'file', 'below')), { code: 'ENOTDIR' });
  });

  test('is refused at once where no folder can be made', { skip: process.platform !== 'linux' }, () => {
    assert.throws(() => makeFolder('/proc/mig/state/mig'), { code: 'ENOENT' });
    assert.throws(() => makeFolder('/sys/mig/state'), { syscall: 'mkdir' });
  });
});
