/**
 * Every kernel against OpenSSL, on data before pages that may not be read, under the sanitizer of undefined behaviour,
 * whatever the processor would choose.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { provideTestProgram } from '../../tools/lab/test-program.ts';

const sources = [
  'lanes.cc',
  'lanes_scalar.cc',
  'lanes_sha.cc',
  'lanes_avx2.cc',
  'lanes_avx512.cc',
  'lanes_neon.cc',
  'lanes_sha_arm.cc',
  'testing/lanes_check.cpp',
];
const program = provideTestProgram({
  name: 'lanes_check',
  compiler: process.env.CXX ?? 'c++',
  flags: ['-O1', '-g', '-fsanitize=undefined', '-fsanitize-trap=undefined'],
  sources: sources.map((source) => `digest/${source}`),
});

/** The kernels for arm64 on another processor: its compiler and an emulator, both Debian's. */
const armCompiler = 'aarch64-linux-gnu-g++';
const emulator = 'qemu-aarch64-static';
const isArm = process.arch === 'arm64';
const canEmulate = [armCompiler, emulator].every((command) => spawnSync(command, ['--version']).status === 0);
if (!isArm && !canEmulate)
  process.stderr.write(`SKIPPED: ${armCompiler} and ${emulator} are not installed, the lanes for arm64 did NOT run\n`);
const emulated =
  isArm || !canEmulate
    ? null
    : provideTestProgram({
        name: 'lanes_check_arm64',
        compiler: armCompiler,
        flags: ['-O1', '-g', '-static'],
        sources: sources.map((source) => `digest/${source}`),
      });

const algorithms = ['md5', 'sha1', 'sha256'] as const;
type Algorithm = (typeof algorithms)[number];

const processor = readFileSync('/proc/cpuinfo', 'utf8');
const has = (flag: string): boolean => new RegExp(`^flags.* ${flag}( |$)`, 'm').test(processor);

/** The kernels, with the processor features that each needs. */
const kernels = [
  { name: 'scalar', lanes: 1, algorithms, isThere: true },
  { name: 'sha', lanes: 1, algorithms: ['sha1', 'sha256'], isThere: has('sha_ni') },
  { name: 'sha4', lanes: 4, algorithms: ['sha1', 'sha256'], isThere: has('sha_ni') },
  { name: 'avx2', lanes: 16, algorithms, isThere: has('avx2') },
  { name: 'avx512', lanes: 16, algorithms, isThere: has('avx512f') && has('avx512bw') },
  { name: 'neon', lanes: 8, algorithms, isThere: isArm || canEmulate },
  { name: 'arm-sha', lanes: 1, algorithms: ['sha1', 'sha256'], isThere: isArm || canEmulate },
  { name: 'arm-sha4', lanes: 4, algorithms: ['sha1', 'sha256'], isThere: isArm || canEmulate },
] as const;

interface Run {
  readonly kernel: string;
  readonly algorithm: Algorithm;
  readonly streams: readonly Uint8Array[];
  /** With fewer streams left, the rest is done one by one. */
  readonly fewest: number;
  readonly seed: number;
}

function digestInLanes({ kernel, algorithm, streams, fewest, seed }: Run): string[] {
  const input = streams.flatMap((stream) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(stream.length);
    return [length, stream];
  });
  const isForArm = kernel === 'neon' || kernel.startsWith('arm-');
  const [command, ...before] = isForArm && emulated !== null ? [emulator, emulated] : [program];
  const { stdout, stderr, status } = spawnSync(command, [...before, kernel, algorithm, String(fewest), String(seed)], {
    input: Buffer.concat(input),
    encoding: 'latin1',
    maxBuffer: 16 * 1024 * 1024,
  });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n');
}

function digestByOpenssl(algorithm: Algorithm, streams: readonly Uint8Array[]): string[] {
  return streams.map((stream) => createHash(algorithm).update(stream).digest('hex'));
}

/** Different bytes for each stream, the same in every run. */
function makeStreams(lengths: readonly number[]): Uint8Array[] {
  return lengths.map((length, index) => {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at += 1) bytes[at] = (at * 167 + (at >> 8) * 13 + index * 31) & 255;
    return bytes;
  });
}

/** A fixed sequence of numbers below the limit. */
function makeNumbers(count: number, limit: number): number[] {
  let state = 12_345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  });
}

const upTo300 = Array.from({ length: 301 }, (_, length) => length);
const lengthSets: Readonly<Record<string, readonly number[]>> = {
  'every length up to 300': upTo300,
  'lengths around the borders of pages and pieces': [
    4095, 4096, 4097, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073,
  ],
  'very different lengths': [
    1_000_000, 0, 1, 64, 500_000, 3, 63, 65, 127, 128, 129, 0, 55, 56, 57, 119, 120, 121, 200_000,
  ],
  'one stream': [100_003],
  'lengths at random': makeNumbers(200, 20_000),
};

/** Test vectors of FIPS 180 and RFC 1321. */
const vectors = {
  texts: ['', 'abc', 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', 'a'.repeat(1_000_000)],
  md5: [
    'd41d8cd98f00b204e9800998ecf8427e',
    '900150983cd24fb0d6963f7d28e17f72',
    '8215ef0796a20bcaaae116d3876c664a',
    '7707d6ae4e027c70eea2a935c2296f21',
  ],
  sha1: [
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'a9993e364706816aba3e25717850c26c9cd0d89d',
    '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
    '34aa973cd4c4daa4f61eeb2bdbad27316534016f',
  ],
  sha256: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  ],
} as const;

for (const kernel of kernels)
  for (const algorithm of kernel.algorithms)
    describe(`${algorithm} with ${kernel.name}`, { skip: !kernel.isThere }, () => {
      it('gives the published digests', () => {
        const streams = vectors.texts.map((text) => Buffer.from(text));
        const digests = digestInLanes({ kernel: kernel.name, algorithm, streams, fewest: 1, seed: 1 });
        assert.deepEqual(digests, vectors[algorithm]);
      });

      for (const [name, lengths] of Object.entries(lengthSets))
        it(`agrees with OpenSSL on ${name}, however the streams are cut`, () => {
          const streams = makeStreams(lengths);
          const expected = digestByOpenssl(algorithm, streams);
          for (const [seed, fewest] of [1, Math.ceil(kernel.lanes / 2), kernel.lanes].entries()) {
            assert.deepEqual(digestInLanes({ kernel: kernel.name, algorithm, streams, fewest, seed }), expected);
          }
        });
    });
