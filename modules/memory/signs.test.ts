import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MappedFile, Mappings } from '../../native/index.ts';
import type { ProcessEntry } from '../shared/process-entry.ts';
import { findAlteredSigns, findFalseKernelThread, findMappingSigns, findPreloadSigns } from './signs.ts';

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function toFile(path: string, changes: Partial<MappedFile> = {}): MappedFile {
  return { path: Buffer.from(path), isExecutable: true, isDeleted: false, isOwnedByRoot: true, ...changes };
}

function toMappings(files: readonly MappedFile[], changes: Partial<Mappings> = {}): Mappings {
  return {
    kind: 'mappings',
    files,
    anonymousExecutableBytes: 8192,
    anonymousExecutableCount: 2,
    isAnonymousExecutableWritable: false,
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
    const mappings = toMappings([toFile('/tmp/x', { isDeleted: true })], { anonymousExecutableCount: 0 });
    assert.deepEqual(findMappingSigns(mappings, toText), [{ name: 'deleted-code', detail: '/tmp/x' }]);
  });

  it('from a memfd is explained by a compiler only', () => {
    const memory = toFile('/memfd:doublemapper', { isDeleted: true, isOwnedByRoot: false });
    const changes = { anonymousExecutableCount: 0 };
    const names = [[memory], [memory, toFile('/usr/share/dotnet/libcoreclr.so')]].map((files) =>
      findMappingSigns(toMappings(files, changes), toText).map(({ name }) => name),
    );
    assert.deepEqual(names, [['deleted-code'], ['jit-code']]);
  });
});

describe('other signs', () => {
  it('are pages that were written to, also when their file cannot be read', () => {
    const found = findAlteredSigns(
      { kind: 'altered', files: [{ path: Buffer.from('/lib/x.so'), pages: 3 }], uncomparedPages: 2 },
      toText,
    );
    assert.deepEqual(
      found.map(({ detail }) => detail),
      ['/lib/x.so, 3 pages', '2 pages were written to, but their file cannot be read'],
    );
  });

  it('are an ld.so.preload once, and variables each time', () => {
    const preloads = {
      kind: 'preloads',
      variables: [Buffer.from('LD_AUDIT=/x.so')],
      files: [Buffer.from('/a.so'), Buffer.from('/b.so')],
      source: '/etc/ld.so.preload',
      fileIdentity: '1:2',
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
        executable: { kind: 'hidden' },
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
