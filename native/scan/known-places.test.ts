/** Files and folders at known places, read in one call. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { native } from '../index.ts';

const { ENOENT, ENOTDIR } = constants.errno;
const folder = mkdtempSync(join(tmpdir(), 'mig-known-places-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

writeFileSync(at('file'), 'text');
writeFileSync(at('Zürich'), Buffer.alloc(70_000, 7));
writeFileSync(at('empty'), '');
symlinkSync('file', at('link'));
symlinkSync('nothing', at('dangling'));
mkdirSync(at('below'));

describe('a whole file', { skip: process.platform !== 'linux' }, () => {
  const cases: readonly (readonly [name: string, most: number, string | number])[] = [
    ['file', 4, 'text'],
    ['link', 100, 'text'],
    ['empty', 0, ''],
    ['file', 3, 'size-limit'],
    ['below', 100, 'special-file'],
    ['nothing', 100, ENOENT],
    ['dangling', 100, ENOENT],
    ['file/x', 100, ENOTDIR],
    ['file\0x', 100, ENOENT],
  ];
  for (const [name, most, expected] of cases)
    it(`${JSON.stringify(name)} of at most ${most} bytes: ${expected}`, () => {
      const read = native().readWholeFile(at(name), most);
      assert.equal(Buffer.isBuffer(read) ? read.toString() : read, expected);
    });

  it('has all its bytes', () => {
    assert.deepEqual(native().readWholeFile(at('Zürich'), 1e6), Buffer.alloc(70_000, 7));
  });

  it('of the kernel is not opened where that would take something', () => {
    assert.equal(native().readWholeFile('/proc/kmsg', 100), 'unsupported');
  });
});

describe('the names in a folder', { skip: process.platform !== 'linux' }, () => {
  it('are sorted by their bytes, with what each is', () => {
    assert.deepEqual(native().listFolder(folder, 100), {
      names: ['Zürich', 'below', 'dangling', 'empty', 'file', 'link'],
      kinds: 'fdlffl',
      isCut: false,
    });
  });

  it('are cut at a number of names', () => {
    const listed = native().listFolder(folder, 5);
    assert.ok(typeof listed !== 'number');
    assert.deepEqual([listed.names.length, listed.kinds.length, listed.isCut], [5, 5, true]);
  });

  for (const [name, error] of [
    ['file', ENOTDIR],
    ['nothing', ENOENT],
    ['below\0x', ENOENT],
  ] as const)
    it(`${JSON.stringify(name)} has none`, () => assert.equal(native().listFolder(at(name), 5), error));
});
