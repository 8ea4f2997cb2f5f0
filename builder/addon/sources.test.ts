import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { listUnits } from './sources.ts';

const root = dirname(dirname(import.meta.dirname));

for (const [os, own, foreign] of [
  ['linux', ['_linux.cc', '_posix.cc'], ['_mac.cc', '_win.cc', '_other.cc']],
  ['darwin', ['_mac.cc', '_posix.cc', '_other.cc'], ['_linux.cc', '_win.cc']],
  ['win32', ['_win.cc', '_other.cc'], ['_linux.cc', '_mac.cc', '_posix.cc']],
] as const)
  test(`${os} has the sources of its suffixes`, () => {
    const sources = listUnits(root, os).filter(({ ours }) => ours);
    const hasSuffix = (suffix: string): boolean => sources.some(({ source }) => source.endsWith(suffix));
    assert.deepEqual(own.filter(hasSuffix), own);
    assert.deepEqual(foreign.filter(hasSuffix), []);
  });
