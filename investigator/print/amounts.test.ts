import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toAmounts } from './amounts.ts';

describe('amounts', () => {
  for (const [examined, expected] of [
    [{ files: 2, bytes: 63, directories: 1 }, '1 directory, 2 files, 63 bytes'],
    [{ processes: 1, bytes: 1, interfaces: 1 }, '1 interface, 1 process, 1 byte'],
    [{ bytes: 1024 }, '1 KiB'],
    [{ bytes: 1_048_575 }, '1 MiB'],
    [{ bytes: 956_134_206 }, '912 MiB'],
    [{ bytes: 1_600_000_000_000 }, '1.5 TiB'],
    [{ files: 0, directories: 3 }, '3 directories'],
    [{ files: 0, bytes: 0 }, 'nothing'],
    [{}, 'nothing'],
    [{ 'fi\u202eles': 2 }, '2 fi\\u{202e}les'],
  ] as const)
    it(`are shown as ${expected}`, () => assert.equal(toAmounts(examined), expected));
});
