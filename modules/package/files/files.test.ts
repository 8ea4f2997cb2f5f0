import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { askerOf } from '../../kit/testing/ask.ts';
import { makeRpmDatabase, withoutRpm } from '../../kit/testing/rpm-database.ts';
import { module } from '../module.ts';
import { run } from '../run.ts';
import { askBelow, makeSystem } from '../testing/system.ts';

function stanza(name: string): string {
  return `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n`;
}

/** A system with /bin and /lib as links into /usr, and a diverted file. */
function makeMerged(context: Parameters<typeof makeSystem>[0]): string {
  const root = makeSystem(context, {
    'var/lib/dpkg/status': ['bash', 'dash', 'libc6'].map(stanza).join(''),
    'var/lib/dpkg/info/bash.list': '/.\n/bin\n/bin/bash\n/usr/share/doc/bash\n',
    'var/lib/dpkg/info/dash.list': '/.\n/bin/sh\n/usr/bin/dash\n',
    'var/lib/dpkg/info/libc6:amd64.list': '/.\n/lib/x86_64-linux-gnu/libc.so.6\n/usr/share/man/sh.1\n',
    'var/lib/dpkg/diversions': '/bin/sh\n/bin/sh.distrib\nbash\n/usr/share/man/sh.1\n/usr/share/man/sh.dist.1\n:\n',
    'usr/bin/bash': '',
    'usr/bin/odd[1]': '',
    'usr/lib/x86_64-linux-gnu/libc.so.6': '',
    'usr/share/man/sh.1': '',
    'opt/tool/x': '',
  });
  for (const top of ['bin', 'lib']) symlinkSync(`usr/${top}`, join(root, top));
  symlinkSync('usr/bin', join(root, 'opt/link'));
  return root;
}

describe('the owner of a file', () => {
  const cases: readonly (readonly [file: string, ...owners: string[]])[] = [
    ['/bin/bash', 'bash'],
    // dpkg takes these for different files; on a system with merged folders they are one.
    ['/usr/bin/bash', 'bash'],
    ['/bin/dash', 'dash'],
    ['/usr/bin/dash', 'dash'],
    ['/usr/lib/x86_64-linux-gnu/libc.so.6', 'libc6'],
    ['/lib/x86_64-linux-gnu/libc.so.6', 'libc6'],
    // The file of dash was put aside for that of bash.
    ['/bin/sh.distrib', 'dash'],
    ['/usr/bin/sh.distrib', 'dash'],
    ['/bin/sh'],
    // An administrator put it aside.
    ['/usr/share/man/sh.dist.1', 'libc6'],
    ['/usr/share/man/sh.1'],
    ['/opt/tool/x'],
    ['/usr/bin/bas'],
  ];
  for (const [file, ...owners] of cases)
    it(`of ${file} is ${owners.join(' ') || 'none'}`, async (context) => {
      const { hits } = await askBelow(makeMerged(context)).ask({ files: [file] });
      assert.deepEqual(
        hits.map((row) => [row.name, row.file, row.is]),
        owners.map((name) => [name, file, 'owned']),
      );
    });

  it('is found for several, by globs, and for each search on its own', async (context) => {
    const { askAll, ask } = askBelow(makeMerged(context));
    const { elements, receipt } = await askAll({
      glob: { files: ['/usr/bin/*'] },
      two: { files: ['/bin/bash', '/usr/share/doc/bash'] },
      packages: { names: ['^bash$'] },
    });
    const told = Object.entries(elements).map(([label, rows]) => [label, rows.map(({ file }) => file)]);
    assert.deepEqual(Object.fromEntries(told), {
      glob: ['/usr/bin/bash', '/usr/bin/sh.distrib', '/usr/bin/dash'],
      two: ['/bin/bash', '/usr/share/doc/bash'],
      packages: [undefined],
    });
    assert.ok(
      receipt.sources?.some(({ kind, entries, complete }) => kind === 'dpkg-files' && entries === 3 && complete),
    );
    assert.deepEqual((await ask({ files: ['/bin/bash'], names: ['!bash'] })).hits, []);
  });

  for (const file of ['bash', '', 'a/b', '/a\0b'])
    it(`is not asked for by ${JSON.stringify(file)}`, () =>
      assert.throws(() => module.toParameters({ file: [file] }), { code: 'usage', message: /^-file: / }));

  it('is told for apk and pacman', async (context) => {
    const root = makeSystem(context, {
      'lib/apk/db/installed': 'P:musl\nV:1\nF:\nR:top\nF:lib\nR:ld-musl.so\na:0:0:755\nF:usr/lib\nR:libc.so\n\n',
      'var/lib/pacman/local/bash-5-1/desc': '%NAME%\nbash\n\n%VERSION%\n5-1\n',
      'var/lib/pacman/local/bash-5-1/files':
        '%FILES%\nusr/\nusr/bin/\nusr/bin/bash\n\n%BACKUP%\netc/bash.bashrc\tabc\n',
    });
    const files = ['/lib/ld-musl.so', '/usr/lib/libc.so', '/top', '/usr/bin/bash', '/etc/bash.bashrc'];
    const { hits } = await askBelow(root).ask({ files });
    assert.deepEqual(hits.map((row) => `${row.file} ${row.name}`).sort(), [
      '/lib/ld-musl.so musl',
      '/top musl',
      '/usr/bin/bash bash',
      '/usr/lib/libc.so musl',
    ]);
  });

  it('is told for rpm as rpm does', { skip: withoutRpm }, async (context) => {
    const root = makeSystem(context, {});
    const folder = join(root, 'var/lib/rpm');
    mkdirSync(folder, { recursive: true });
    makeRpmDatabase(folder, 3);
    const { stdout } = spawnSync('rpm', ['--dbpath', folder, '-qa', '--qf', '[%{FILENAMES} %{=NAME}\n]'], {
      encoding: 'utf8',
    });
    const listed = stdout.trim().split('\n').sort();
    assert.ok(listed.length > 3, stdout);
    const { hits } = await askBelow(root).ask({ files: ['/**'] });
    assert.deepEqual(hits.map((row) => `${row.file} ${row.name}`).sort(), listed);
  });

  it('is told for this machine as dpkg -S does', {
    skip: spawnSync('dpkg-query', ['--version']).status === 0 ? false : 'needs dpkg-query',
  }, async () => {
    const lists = readdirSync('/var/lib/dpkg/info').filter((name) => name.endsWith('.list'));
    const paths = lists.flatMap((name, index) => {
      const list = readFileSync(join('/var/lib/dpkg/info', name), 'utf8')
        .split('\n')
        .filter((path) => path.length > 20);
      return index % 25 === 0 ? list.slice(-1) : [];
    });
    const { hits } = await askerOf(module, run).ask({ files: paths, statuses: ['installed', 'broken', 'removed'] });
    const ours = hits.map(({ file, name }) => `${name} ${file}`).sort();
    const said = paths.flatMap((path) => {
      const { stdout } = spawnSync('dpkg-query', ['-S', path], { encoding: 'utf8' });
      return stdout.split('\n').filter((line) => line.endsWith(`: ${path}`) && !line.startsWith('diversion'));
    });
    const theirs = said.flatMap((line) => {
      const [owners = '', path] = line.split(': ');
      return owners.split(', ').map((owner) => `${owner.replace(/:.*/, '')} ${path}`);
    });
    assert.deepEqual([...new Set(ours)], [...new Set(theirs)].sort());
  });
});

describe('a file that was replaced', () => {
  const maps = [
    '7f00-7f01 r-xp 00000000 08:01 12 /usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)',
    '7f01-7f02 r--p 00000000 08:01 12 /usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)',
    '7f02-7f03 r--p 00000000 08:01 13 /usr/share/locale/x.mo (deleted)',
    '7f03-7f04 rwxp 00000000 00:01 14 /memfd:doublemapper (deleted)',
    '7f04-7f05 r-xp 00000000 08:01 15 /usr/bin/server',
    '7f05-7f06 r-xp 00000000 08:01 16 /home/a/b c (deleted)',
    '7f06-7f07 rw-p 00000000 00:00 0 [heap]',
  ];
  const files = {
    'var/lib/dpkg/status': ['libssl3', 'server', 'locales'].map(stanza).join(''),
    'var/lib/dpkg/info/libssl3:amd64.list': '/lib/x86_64-linux-gnu/libssl.so.3\n',
    'var/lib/dpkg/info/server.list': '/usr/bin/server\n',
    'var/lib/dpkg/info/locales.list': '/usr/share/locale/x.mo\n',
    'proc/4711/maps': `${maps.join('\n')}\n`,
    'proc/4711/comm': 'server\n',
    'proc/4712/maps': `${maps.slice(4).join('\n')}\n`,
    'proc/4712/comm': 'server\n',
    'proc/self': '',
    'usr/lib/x86_64-linux-gnu/libssl.so.3': 'new',
  };

  it('and is still mapped as code is told with the process', async (context) => {
    const root = makeSystem(context, files);
    symlinkSync('usr/lib', join(root, 'lib'));
    const { hits } = await askBelow(root).ask({ running: true });
    assert.deepEqual(
      hits.map(({ name, file, is, pid, process: by }) => ({ name, file, is, pid, by })),
      [{ name: 'libssl3', file: '/usr/lib/x86_64-linux-gnu/libssl.so.3', is: 'replaced', pid: 4711, by: 'server' }],
    );
    assert.deepEqual((await askBelow(root).ask({ running: true, names: ['server'] })).hits, []);
    const file = ['/usr/lib/x86_64-linux-gnu/*'];
    assert.equal((await askBelow(root).ask({ running: true, files: file })).hits.length, 1);
    assert.equal((await askBelow(root).ask({ running: true, files: ['/usr/bin/*'] })).hits.length, 0);
  });

  it('needs the right to read processes, and no other question does', () => {
    const needs = (search: object) => module.needsOf(module.parameters.parse({ searches: { s1: search } }));
    assert.deepEqual(needs({ running: true }), ['processes']);
    assert.deepEqual(needs({ types: ['dpkg'] }), []);
    // Packages of languages are in folders of every owner.
    assert.deepEqual(needs({}), ['files']);
  });
});
