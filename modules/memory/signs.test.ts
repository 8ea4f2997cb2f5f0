import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AnonymousCode, MappedFile, Mappings } from '../../native/index.ts';
import type { ProcessEntry } from '../kit/processes/process-entry.ts';
import {
  findAlteredSigns,
  findFalseKernelThread,
  findMappingSigns,
  findPreloadSigns,
  type Sign,
  type SignName,
} from './signs.ts';

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function toFile(path: string, changes: Partial<MappedFile> = {}): MappedFile {
  return {
    path: Buffer.from(path),
    isExecutable: true,
    isDeleted: false,
    isReplaced: false,
    isOwnedByRoot: true,
    ...changes,
  };
}

function toMappings(files: readonly MappedFile[], changes: Partial<Mappings> = {}): Mappings {
  return {
    kind: 'mappings',
    files,
    anonymousCode: [{ maker: 'unknown', bytes: 8192, count: 2, isWritable: false }],
    isCut: false,
    ...changes,
  };
}

describe('code that no file stands behind', () => {
  const cases: readonly [string, readonly MappedFile[], string][] = [
    ['in a program', [toFile('/usr/sbin/sshd')], 'anonymous-code'],
    ['beside a virtual machine', [toFile('/usr/bin/java'), toFile('/usr/lib/jvm/libjvm.so')], 'jit-code'],
    ['beside one that a user put there', [toFile('/tmp/libjvm.so', { isOwnedByRoot: false })], 'anonymous-code'],
    ['beside one that is mapped as data', [toFile('/usr/lib/libjvm.so', { isExecutable: false })], 'anonymous-code'],
    ['in a program that is called nearly so', [toFile('/usr/bin/node-exporter')], 'anonymous-code'],
    ['in Node', [toFile('/usr/bin/node')], 'jit-code'],
    ['in Node for Windows', [toFile('C:\\Program Files\\nodejs\\Node.exe')], 'jit-code'],
    ['beside .NET on Windows', [toFile('C:\\Windows\\Microsoft.NET\\Framework64\\v4\\clrjit.dll')], 'jit-code'],
    ['beside a browser of macOS', [toFile('/Applications/X.app/Contents/Google Chrome Framework')], 'jit-code'],
    ['in a program whose name only ends so', [toFile('/opt/evil\\\\node')], 'anonymous-code'],
  ];
  for (const [name, files, expected] of cases)
    it(`${name} is ${expected}`, () => {
      assert.deepEqual(findMappingSigns(toMappings(files), toText), [{ name: expected, detail: '2 mappings, 8 KiB' }]);
    });

  it('from a deleted file is named by the file', () => {
    const mappings = toMappings([toFile('/tmp/x', { isDeleted: true })], { anonymousCode: [] });
    assert.deepEqual(findMappingSigns(mappings, toText), [{ name: 'deleted-code', detail: '/tmp/x' }]);
  });

  const pcre = toFile('/usr/lib/libpcre2-8.so.0.11.2');
  const makers: readonly [string, AnonymousCode['maker'], readonly MappedFile[], Sign][] = [
    ['of PCRE', 'patterns', [pcre], { name: 'jit-code', detail: '1 mapping, 64 KiB, patterns of PCRE' }],
    [
      'of PCRE that was updated since',
      'patterns',
      [{ ...pcre, isDeleted: true, isReplaced: true, isOwnedByRoot: false }],
      { name: 'jit-code', detail: '1 mapping, 64 KiB, patterns of PCRE' },
    ],
    ['that looks like that of PCRE', 'patterns', [], { name: 'anonymous-code', detail: '1 mapping, 64 KiB' }],
    ['beside PCRE', 'unknown', [pcre], { name: 'anonymous-code', detail: '1 mapping, 64 KiB' }],
    ['of libffi', 'closures', [], { name: 'jit-code', detail: '1 mapping, 64 KiB, closures of libffi' }],
  ];
  for (const [name, maker, files, expected] of makers)
    it(`${name} is ${expected.name}`, () => {
      const anonymousCode = [{ maker, bytes: 65_536, count: 1, isWritable: false }];
      assert.deepEqual(findMappingSigns(toMappings(files, { anonymousCode }), toText)[0], expected);
    });

  const unnamed: readonly [string, string, SignName][] = [
    ['/memfd:sljit', '/usr/lib64/libpcre2-8.so.0', 'jit-code'],
    ['/memfd:x', '/usr/lib64/libpcre2-8.so.0', 'deleted-code'],
    ['/tmp/ffiAb3_x9', '/usr/lib64/libffi.so.6', 'jit-code'],
    ['/tmp/x', '/usr/lib64/libffi.so.6', 'deleted-code'],
    ['/run/user/1/orcexec.Ab3x9z', '/usr/lib64/liborc-0.4.so.0', 'jit-code'],
    ['/tmp/#4711', '/usr/sbin/mig-agent-production', 'jit-code'],
    ['/tmp/x', '/usr/sbin/mig-agent-production', 'deleted-code'],
  ];
  for (const [path, library, expected] of unnamed)
    it(`from ${path} beside ${library} is ${expected}`, () => {
      const files = [toFile(path, { isDeleted: true, isOwnedByRoot: false }), toFile(library)];
      const [sign] = findMappingSigns(toMappings(files, { anonymousCode: [] }), toText);
      assert.equal(sign?.name, expected);
    });

  it('from a memfd is explained by a compiler only', () => {
    const memory = toFile('/memfd:doublemapper', { isDeleted: true, isOwnedByRoot: false });
    const changes = { anonymousCode: [] };
    const names = [[memory], [memory, toFile('/usr/share/dotnet/libcoreclr.so')]].map((files) =>
      findMappingSigns(toMappings(files, changes), toText).map(({ name }) => name),
    );
    assert.deepEqual(names, [['deleted-code'], ['jit-code']]);
  });
});

describe('other signs', () => {
  it('are pages that were written to, also when their file cannot be read', () => {
    const found = findAlteredSigns(
      {
        kind: 'altered',
        files: [{ path: Buffer.from('/lib/x.so'), pages: 3, hasBreakpointsOnly: false }],
        uncomparedPages: 2,
        remoteMappings: 0,
        isCut: false,
      },
      toText,
    );
    assert.deepEqual(
      found.map(({ detail }) => detail),
      ['/lib/x.so, 3 pages', '2 pages written to, whose file cannot be read'],
    );
  });

  it('are an ld.so.preload once, and variables each time', () => {
    const preloads = {
      kind: 'preloads',
      variables: [Buffer.from('LD_AUDIT=/x.so')],
      files: [Buffer.from('/a.so'), Buffer.from('/b.so')],
      source: '/etc/ld.so.preload',
      fileIdentity: '1:2',
      isCut: false,
    } as const;
    const details = [true, false].map((isNew) =>
      findPreloadSigns(preloads, () => isNew, toText).map(({ detail }) => detail),
    );
    assert.deepEqual(details, [['LD_AUDIT=/x.so', '/etc/ld.so.preload: /a.so /b.so'], ['LD_AUDIT=/x.so']]);
  });
});

describe('a name like that of a thread of the kernel', () => {
  const cases: readonly [string, readonly string[], boolean][] = [
    ['kworker/0:1', ['/tmp/x'], true],
    ['x', ['[kworker/0:1]'], true],
    ['x', ['[my-thread]'], true],
    ['ksoftirqd/3', ['ksoftirqd/3'], true],
    ['[kthreadd]', ['a', 'b'], true],
    ['migration/0', ['x'], true],
    ['migration-tool', ['migration-tool'], false],
    ['watchdog', ['/usr/sbin/watchdog'], false],
    ['irqbalance', ['/usr/sbin/irqbalance'], false],
    ['python3', ['[celeryd: w@host]', '-A', 'x'], false],
    ['sh', ['[', '-f', 'x', ']'], false],
    ['bash', ['-bash'], false],
  ];
  for (const [name, list, expected] of cases)
    it(`is ${expected ? '' : 'not '}${name} ${list.join(' ')}`, () => {
      const entry: ProcessEntry = {
        pid: 1,
        isKernelThread: false,
        parentPid: 1,
        name: Buffer.from(name),
        arguments: list.map((text) => Buffer.from(text)),
        isCommandCut: false,
        executable: { kind: 'hidden' },
        runsAgent: false,
        user: null,
        userId: null,
        startSeconds: null,
        startTicks: null,
        capabilities: null,
        container: null,
      };
      assert.equal(findFalseKernelThread(entry, toText).length === 1, expected);
      assert.deepEqual(findFalseKernelThread({ ...entry, isKernelThread: true }, toText), []);
    });
});
