import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkContents } from './contents.ts';

const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const parts = [Buffer.from('the bundle'), Buffer.from('the native part')];
const whole = Buffer.from(`${fuse}:1 the bundle, the native part`);

test('an executable with all parts is told to be whole', () => {
  assert.equal(checkContents(whole, { os: 'win32' }, parts), 'bundle and native part are whole');
});

test('one that is not switched on, lacks a part, or is unsigned for macOS is refused', () => {
  const off = Buffer.from(`${fuse}:0 the bundle, the native part`);
  assert.throws(() => checkContents(off, { os: 'linux' }, parts), { code: 'check-failed' });
  const damaged = Buffer.from(whole.toString().replace('native', 'natiwe'));
  assert.throws(() => checkContents(damaged, { os: 'linux' }, parts), { code: 'check-failed' });
  assert.throws(() => checkContents(whole, { os: 'darwin' }, parts), { code: 'mach-o-malformed' });
});
