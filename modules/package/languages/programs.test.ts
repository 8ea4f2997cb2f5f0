import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { firstAddress, toElf, toGoBuildInfo } from '../testing/elf.ts';
import { askBelow, makeSystem } from '../testing/system.ts';
import { ElfFile } from './elf.ts';
import { readGo } from './go.ts';
import { ByteArraySource } from './zip.ts';

const modules = [
  'path\texample.org/cmd',
  'mod\texample.org\tv1.2.3\th1:x=',
  'dep\tgolang.org/x/net\tv0.1.0\th1:y=',
  'dep\texample.org/old\tv1.0.0',
  '=>\texample.org/fork\tv1.0.1\th1:z=',
  'dep\texample.org/local\tv1.0.0',
  '=>\t../local\t',
  'build\tGOOS=linux',
  '',
].join('\n');

const expected = [
  'stdlib go1.22.3',
  'example.org v1.2.3',
  'golang.org/x/net v0.1.0',
  'example.org/fork v1.0.1',
  'example.org/local null',
];

function goOf(bytes: Buffer): readonly string[] {
  const elf = ElfFile.open(new ByteArraySource(bytes));
  assert.ok(elf !== undefined);
  return readGo(elf).map(({ name, version }) => `${name} ${version}`);
}

/** As it was before Go 1.18: addresses of addresses. */
function toOldProgram(is64: boolean): Buffer {
  const size = is64 ? 8 : 4;
  const address = (...numbers: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(numbers.length * size);
    for (const [index, number] of numbers.entries()) bytes.writeUIntLE(number, index * size, 4);
    return bytes;
  };
  const info = Buffer.alloc(16);
  info.write('\xff Go buildinf:', 'latin1');
  info[14] = size;
  const texts = Buffer.from(`go1.22.3${'<'.repeat(16)}${modules}${'>'.repeat(16)}`);
  const headersAt = firstAddress + 32;
  const textsAt = headersAt + size * 4;
  return toElf(
    {
      '.go.buildinfo': Buffer.concat([info, address(headersAt, headersAt + size * 2), Buffer.alloc(16 - size * 2)]),
      '.data': address(textsAt, 8, textsAt + 8, texts.length - 8),
      '.rodata': texts,
    },
    { is64 },
  );
}

describe('a program of Go', () => {
  it('has its modules in its build information', () => {
    assert.deepEqual(goOf(toElf({ '.go.buildinfo': toGoBuildInfo('go1.22.3', modules) })), expected);
    assert.deepEqual(goOf(toElf({ '.text': Buffer.alloc(9) })), []);
  });

  it('of an old version has addresses there', () => {
    for (const is64 of [true, false]) assert.deepEqual(goOf(toOldProgram(is64)), expected);
  });

  it('that is damaged is refused', () => {
    const whole = toElf({ '.go.buildinfo': toGoBuildInfo('go1.22.3', modules) });
    const old = toOldProgram(true);
    old.writeUInt32LE(0x7fffffff, 64 + 16);
    const cut = toElf({ '.go.buildinfo': toGoBuildInfo('go1.22.3', modules).subarray(0, 60) });
    for (const bytes of [whole.subarray(0, -200), old, cut, toElf({ '.go.buildinfo': Buffer.alloc(64) })])
      assert.throws(
        () => goOf(bytes),
        (error) => error instanceof CodedError && error.code === 'database-malformed',
      );
  });

  it('is told of beside those of Rust, in folders of programs', async (context) => {
    const audit = deflateSync(
      JSON.stringify({
        packages: [
          { name: 'serde', version: '1.0.1', source: 'crates.io' },
          { name: 'cc', version: '1.0.0', kind: 'build' },
        ],
      }),
    );
    const enough = { paddingBytes: 200_000 };
    const root = makeSystem(context, {
      'usr/bin/go-program': toElf({ '.go.buildinfo': toGoBuildInfo('go1.22.3', modules) }, enough),
      'usr/bin/rust-program': toElf({ '.dep-v0': audit }, enough),
      'usr/bin/script': `#!/bin/sh\n${' '.repeat(200_000)}`,
      'usr/bin/damaged': toElf({ '.dep-v0': Buffer.from('no') }, enough),
    });
    for (const name of ['go-program', 'rust-program', 'script', 'damaged'])
      chmodSync(join(root, 'usr/bin', name), 0o755);
    const { hits, receipt } = await askBelow(root).ask({ types: ['go', 'cargo'] });
    assert.deepEqual(
      hits.map(({ name, version }) => `${name} ${version}`),
      [...expected, 'serde 1.0.1'],
    );
    assert.deepEqual(
      receipt.sources?.map(({ kind, entries, complete }) => [kind, entries, complete]),
      [
        ['go', 5, false],
        ['cargo', 1, true],
      ],
    );
  });
});
