import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Source } from '../../../protocol/result/result.ts';
import { Gate } from '../gate.ts';
import { makeHost } from '../testing/host.ts';
import { findOwners } from './owners.ts';

async function ask(root: string, paths: readonly string[], protect?: string) {
  const sources: Source[] = [];
  const work = {
    gate: new Gate(
      protect === undefined
        ? undefined
        : { rules: [{ glob: join(root, protect), mayRead: false, mayTell: true }], contents: [], questions: 0 },
    ),
    signal: new AbortController().signal,
    findings: { skip: () => {}, noteNaming: () => {}, source: (source: Source) => void sources.push(source) },
  };
  const owners = await findOwners(root, work, paths);
  const told = paths.map((path) => {
    const owner = owners.of(path);
    const names =
      owner.kind === 'owned' ? owner.by.map(({ type, name, arch }) => [type, name, arch].join(' ').trim()) : [];
    return owner.kind === 'owned' ? names.sort().join(', ') : owner.kind;
  });
  return { told, sources };
}

function makeSystem(): string {
  const host = makeHost({
    'var/lib/dpkg/diversions': '/bin/sh\n/bin/sh.distrib\nbash\n',
    'var/lib/dpkg/info/dash.list': '/.\n/bin\n/bin/sh\n',
    'var/lib/dpkg/info/libc6:amd64.list': '/.\n/lib/libc.so.6\n/usr/share/doc/libc6\n',
    'var/lib/dpkg/info/libc6:i386.list': '/.\n/usr/share/doc/libc6',
    'usr/lib/apk/db/installed': 'P:musl\nV:1\nF:opt\nR:musl\nR:[x]\n\n',
    'var/lib/pacman/local/zsh-5-1/desc': '%NAME%\nzsh\n',
    'var/lib/pacman/local/zsh-5-1/files': '%FILES%\nopt/\nopt/zsh\n',
    'usr/bin/bash': '',
    'usr/lib/libc.so.6': '',
    'etc/alternatives/x': '',
  });
  writeFileSync(host.at('var/lib/dpkg/info/bash.list'), Buffer.from('/.\n/bin\n/bin/bash\n/bin/sh\n/etc\n/etc/ü\n'));
  for (const top of ['bin', 'lib']) symlinkSync(`usr/${top}`, host.at(top));
  symlinkSync('usr/bin', host.at('tools'));
  return host.root;
}

describe('the owners of files', () => {
  it('are told for each path, whatever name it is asked by', async () => {
    const cases = {
      '/bin/bash': 'dpkg bash',
      '/usr/bin/bash': 'dpkg bash',
      '/tools/bash': 'dpkg bash',
      '/bin/sh': 'dpkg bash',
      '/usr/bin/sh.distrib': 'dpkg dash',
      '/etc/ü': 'dpkg bash',
      '/usr/lib/libc.so.6': 'dpkg libc6 amd64',
      '/usr/share/doc/libc6': 'dpkg libc6 amd64, dpkg libc6 i386',
      '/opt/musl': 'apk musl',
      '/opt/[x]': 'apk musl',
      '/opt/zsh': 'pacman zsh',
      '/etc/rc.local': 'none',
      '/etc': 'dpkg bash',
      '/': 'none',
      '/etc/a\nb': 'none',
    };
    const { told, sources } = await ask(makeSystem(), Object.keys(cases));
    assert.deepEqual(told, Object.values(cases));
    assert.ok(sources.some(({ kind, entries, complete }) => kind === 'dpkg-files' && entries === 4 && complete));
  });

  it('are unknown where a list may not be read, and known from the others', async () => {
    const { told, sources } = await ask(makeSystem(), ['/bin/bash', '/bin/sh.distrib'], 'var/lib/dpkg/info/bash.list');
    assert.deepEqual(told, ['unknown', 'dpkg dash']);
    assert.ok(sources.some(({ kind, complete }) => kind === 'dpkg-files' && !complete));
  });

  it('are none on a system without databases, and nothing is read for no path', async () => {
    const { root } = makeHost({ 'etc/passwd': '' });
    assert.deepEqual((await ask(root, ['/etc/passwd'])).told, ['none']);
    assert.deepEqual(await ask(makeSystem(), []), { told: [], sources: [] });
  });
});
