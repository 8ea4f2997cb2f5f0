import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestAlgorithmOf } from './digest-algorithms.ts';

describe('digestAlgorithmOf', () => {
  for (const [filter, length, algorithm] of [
    ['md5', 32, 'md5'],
    ['sha1', 40, 'sha1'],
    ['sha2', 56, 'sha224'],
    ['sha2', 64, 'sha256'],
    ['sha2', 96, 'sha384'],
    ['sha2', 128, 'sha512'],
    ['sha3', 56, 'sha3-224'],
    ['sha3', 64, 'sha3-256'],
    ['sha3', 96, 'sha3-384'],
    ['sha3', 128, 'sha3-512'],
    ['md5', 40, undefined],
    ['sha2', 63, undefined],
  ] as const)
    it(`knows ${filter} of ${length} digits as ${algorithm}`, () => {
      assert.equal(digestAlgorithmOf(filter, 'aB'.repeat(64).slice(0, length)), algorithm);
      assert.equal(digestAlgorithmOf(filter, 'g'.repeat(length)), undefined);
    });
});
