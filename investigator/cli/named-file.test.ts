import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { writeNamedFile } from './named-file.ts';

describe('a file that a person named to write to', { skip: process.platform === 'win32' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mig-named-'));
  const path = join(folder, 'case.json');
  beforeEach(() => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  test('is replaced whole, for its owner alone', () => {
    writeFileSync(path, 'an old one that is longer', { mode: 0o644 });
    writeNamedFile(path, 'new');
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(lstatSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['case.json']);
  });

  test('is standard output for -', () => {
    const script = `import('${join(import.meta.dirname, 'named-file.ts')}').then((one) => one.writeNamedFile('-', 'all'))`;
    assert.equal(execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' }), 'all');
    assert.deepEqual(readdirSync(folder), []);
  });

  test('is the one that a link leads to, and the link stays', () => {
    writeFileSync(path, 'old');
    const link = join(folder, 'link');
    symlinkSync('case.json', link);
    writeNamedFile(link, 'new');
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.ok(lstatSync(path).isFile());
    assert.equal(readFileSync(path, 'utf8'), 'new');
  });

  // A root's `mig export -o /dev/null` made an ordinary file of it, for all programs of the machine.
  test('stays what it is when it is a pipe or a device', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      writeNamedFile(pipe, 'new');
      assert.ok(lstatSync(pipe).isFIFO());
      const bytes = Buffer.alloc(16);
      assert.equal(bytes.toString('utf8', 0, readSync(reader, bytes)), 'new');
    } finally {
      closeSync(reader);
    }
    assert.deepEqual(readdirSync(folder), ['pipe']);
  });

  test('is added to when it is what an open descriptor leads to', { skip: process.platform !== 'linux' }, () => {
    writeFileSync(path, 'before, ');
    const descriptor = openSync(path, 'a');
    try {
      writeNamedFile(`/dev/fd/${descriptor}`, 'new');
    } finally {
      closeSync(descriptor);
    }
    assert.equal(readFileSync(path, 'utf8'), 'before, new');
  });

  test('is refused when it is a folder', () => {
    assert.throws(() => writeNamedFile(folder, 'new'), { code: 'file-unwritable' });
    assert.deepEqual(readdirSync(folder), []);
  });
});
