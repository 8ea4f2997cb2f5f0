/** Files that are not as their package brought them, beside what the package managers themselves say. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { withoutRpm } from '../../kit/testing/rpm-database.ts';
import { askBelow, makeSystem } from '../testing/system.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const isRoot = process.getuid?.() === 0;

/** `missing config /etc/a`, without the package. */
async function altered(root: string, search: Readonly<Record<string, unknown>> = {}): Promise<readonly string[]> {
  const { hits } = await askBelow(root).ask({ altered: true, ...search });
  return hits.map(({ change, role, file }) => `${[change].flat().join('+')} ${role} ${file}`).sort();
}

const conffiles = `Conffiles:\n /etc/a.conf ${md5('a\n')}\n /etc/gone.conf ${md5('')}\n /etc/old name ${md5('o')} obsolete\n`;
const status = [
  `Package: a\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\nVersion: 1\n${conffiles}Description: a\n`,
  'Package: b\nStatus: hold ok installed\nArchitecture: all\nVersion: 1\n',
  'Package: c\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n',
].join('\n');

const dpkgFiles = {
  'var/lib/dpkg/status': `${status}\n`,
  'var/lib/dpkg/diversions': '/usr/bin/moved\n/usr/bin/moved.distrib\nb\n',
  'var/lib/dpkg/info/a:amd64.list':
    '/.\n/etc\n/etc/a.conf\n/etc/gone.conf\n/etc/old name\n/usr\n/usr/bin\n/usr/bin/a\n/usr/bin/moved\n/bin/merged\n/usr/share/doc/a\n/usr/share/doc/a/copyright\n/usr/lib/gone\n/usr/bin/link\n',
  'var/lib/dpkg/info/a:amd64.md5sums': [
    `${md5('program')}  usr/bin/a`,
    `${md5('mine')}  usr/bin/moved`,
    `${md5('merged')}  bin/merged`,
    `${md5('text')}  usr/share/doc/a/copyright`,
    '',
  ].join('\n'),
  'var/lib/dpkg/info/b.list': '/.\n/usr/bin/moved\n/usr/bin/b\n',
  'var/lib/dpkg/info/b.md5sums': `${md5('other')}  usr/bin/moved\n${md5('b')}  usr/bin/b\n`,
  'var/lib/dpkg/info/format': '1\n',
  'etc/c.conf': '',
  'var/lib/dpkg/info/c.list': '/etc/c.conf\n',
  'etc/a.conf': 'a\n',
  'etc/gone.conf': '',
  'etc/old name': 'o',
  'usr/bin/a': 'program',
  'usr/bin/moved': 'other',
  'usr/bin/moved.distrib': 'mine',
  'usr/bin/merged': 'merged',
  'usr/bin/b': 'b',
  'usr/bin/target': '',
  'usr/share/doc/a/copyright': 'text',
  'usr/lib/gone': '',
};

function makeDpkg(context: Parameters<typeof makeSystem>[0], changes: Readonly<Record<string, string>> = {}): string {
  const root = makeSystem(context, { ...dpkgFiles, ...changes });
  symlinkSync('usr/bin', join(root, 'bin'));
  symlinkSync('target', join(root, 'usr/bin/link'));
  return root;
}

describe('a file of dpkg', () => {
  it('is as its package brought it, with conffiles, diversions and merged folders', async (context) =>
    assert.deepEqual(await altered(makeDpkg(context)), []));

  it('was changed, replaced by something else, or removed', async (context) => {
    const root = makeDpkg(context, { 'usr/bin/a': 'evil', 'etc/a.conf': 'mine\n', 'usr/bin/moved.distrib': 'evil' });
    for (const path of ['etc/gone.conf', 'usr/lib/gone', 'usr/bin/link', 'usr/bin/b']) unlinkSync(join(root, path));
    symlinkSync('a', join(root, 'usr/bin/b'));
    assert.deepEqual(await altered(root), [
      'content config /etc/a.conf',
      'content other /usr/bin/a',
      'content other /usr/bin/moved.distrib',
      'missing config /etc/gone.conf',
      'missing other /usr/bin/link',
      'missing other /usr/lib/gone',
      'type other /usr/bin/b',
    ]);
    assert.deepEqual(await altered(root, { roles: ['other'], changes: ['content'] }), [
      'content other /usr/bin/a',
      'content other /usr/bin/moved.distrib',
    ]);
    assert.deepEqual(await altered(root, { files: ['/bin/a', '/etc/*.conf'] }), [
      'content config /etc/a.conf',
      'content other /bin/a',
      'missing config /etc/gone.conf',
    ]);
    assert.deepEqual(await altered(root, { names: ['^b$'] }), ['type other /usr/bin/b']);
    assert.deepEqual(await altered(root, { statuses: ['broken'] }), []);
  });

  it('was not unpacked by the settings of dpkg', async (context) => {
    const root = makeDpkg(context, {
      'etc/dpkg/dpkg.cfg.d/docker': 'path-exclude=/usr/share/doc/*\npath-exclude /usr/lib/*\n# path-exclude=/etc/*\n',
      'etc/dpkg/dpkg.cfg': 'path-include = /usr/share/doc/*/copyright\n',
    });
    for (const path of ['usr/share/doc/a/copyright', 'usr/lib/gone']) unlinkSync(join(root, path));
    assert.deepEqual(await altered(root), ['missing doc /usr/share/doc/a/copyright']);
  });

  it('has the owner and mode that an administrator has set', { skip: !isRoot && 'needs root' }, async (context) => {
    const root = makeDpkg(context, {
      'var/lib/dpkg/statoverride': 'root #77 4750 /usr/bin/a\nann root 644 /usr/bin/b\nnobody root 644 /etc/a.conf\n',
      'etc/passwd': 'ann:x:88:88::/:/bin/sh\n',
    });
    chownSync(join(root, 'usr/bin/a'), 0, 77);
    chmodSync(join(root, 'usr/bin/a'), 0o4750);
    assert.deepEqual(await altered(root), ['owner other /usr/bin/b']);
    chmodSync(join(root, 'usr/bin/a'), 0o4755);
    chownSync(join(root, 'usr/bin/b'), 88, 0);
    assert.deepEqual(await altered(root), ['mode other /usr/bin/a']);
  });

  it('is unknown where its digest is damaged', async (context) => {
    const root = makeDpkg(context, { 'var/lib/dpkg/info/b.md5sums': `${'x'.repeat(32)}  usr/bin/b\n` });
    const { hits, receipt } = await askBelow(root).ask({ altered: true });
    assert.deepEqual(hits, []);
    assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
  });

  it('that is protected is not read, which the receipt says', async (context) => {
    const root = makeDpkg(context, { 'usr/bin/a': 'evil' });
    const rules = [{ glob: join(root, 'usr/bin/a'), mayRead: false, mayTell: true }];
    const { hits, receipt } = await askBelow(root).askAll(
      { s1: { altered: true } },
      undefined,
      {},
      { rules, contents: [], questions: 9 },
    );
    assert.deepEqual(hits, []);
    assert.deepEqual(receipt.skipped, [{ reason: 'protected', count: 1 }]);
  });

  const skip = spawnSync('dpkg', ['--version']).status === 0 && isRoot ? false : 'needs dpkg, and root';
  it('differs where dpkg --verify says so', { skip }, async (context) => {
    const root = makeDpkg(context, { 'usr/bin/a': 'evil', 'etc/a.conf': 'mine\n' });
    for (const path of ['etc/gone.conf', 'usr/lib/gone', 'usr/share/doc/a/copyright']) unlinkSync(join(root, path));
    for (const folder of ['parts', 'triggers', 'updates']) mkdirSync(join(root, 'var/lib/dpkg', folder));
    const { stdout, stderr } = spawnSync('dpkg', ['--root', root, '--verify'], { encoding: 'utf8' });
    const theirs = stdout.split('\n').flatMap((line) => {
      const [, what = '', config, file] = /^(\S+)\s+(c )?(\/.*)$/.exec(line) ?? [];
      return file === undefined
        ? []
        : [`${what === 'missing' ? 'missing' : 'content'} ${config === undefined ? '' : 'config '}${file}`];
    });
    assert.ok(theirs.length === 5, stdout + stderr);
    const ours = (await altered(root)).map((line) => line.replace(/ (?:other|doc) /, ' '));
    assert.deepEqual(ours.sort(), theirs.sort());
  });
});

describe('a file of apk', () => {
  const sha1 = (text: string): string => `Q1${createHash('sha1').update(text).digest('base64')}`;
  const paragraph = [
    'P:busybox',
    'V:1',
    'F:bin',
    'R:busybox',
    'a:0:0:755',
    `Z:${sha1('program')}`,
    'R:sh',
    'a:0:0:777',
    `Z:${sha1('/bin/busybox')}`,
    'F:etc',
    'R:motd',
    `Z:${sha1('hello')}`,
    'F:var/tmp',
    'M:0:0:1777',
  ].join('\n');

  it('is compared by digest, mode, owner and link', { skip: !isRoot && 'needs root' }, async (context) => {
    const root = makeSystem(context, {
      'lib/apk/db/installed': `${paragraph}\n\n`,
      'bin/busybox': 'program',
      'etc/motd': 'hello',
      'var/tmp/x': '',
    });
    chmodSync(join(root, 'bin/busybox'), 0o755);
    chmodSync(join(root, 'var/tmp'), 0o1777);
    symlinkSync('/bin/busybox', join(root, 'bin/sh'));
    assert.deepEqual(await altered(root), []);
    chmodSync(join(root, 'bin/busybox'), 0o4755);
    writeFileSync(join(root, 'etc/motd'), 'other');
    unlinkSync(join(root, 'bin/sh'));
    symlinkSync('/tmp/sh', join(root, 'bin/sh'));
    rmSync(join(root, 'var/tmp'), { recursive: true });
    assert.deepEqual(await altered(root), [
      'content config /etc/motd',
      'link other /bin/sh',
      'missing other /var/tmp',
      'mode other /bin/busybox',
    ]);
  });
});

describe('a file of pacman', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const mtree = [
    '#mtree',
    '/set type=file uid=0 gid=0 mode=644',
    `./.PKGINFO time=1.0 size=1 sha256digest=${sha256('')}`,
    './usr time=1.0 mode=755 type=dir',
    `./usr/a\\040b time=1.0 size=1 mode=755 md5digest=${md5('b')} sha256digest=${sha256('b')}`,
    './usr/l time=1.0 mode=777 type=link link=a\\040b',
    `./etc/c time=1.0 size=1 md5digest=${md5('c')}`,
  ].join('\n');
  const files = {
    'var/lib/pacman/local/z-1-1/desc': '%NAME%\nz\n\n%VERSION%\n1-1\n',
    'var/lib/pacman/local/z-1-1/files': `%FILES%\netc/c\n\n%BACKUP%\netc/c\t${md5('c')}\n`,
    'usr/a b': 'b',
    'etc/c': 'c',
  };

  it('is compared with the packed list', { skip: !isRoot && 'needs root' }, async (context) => {
    const root = makeSystem(context, { ...files, 'var/lib/pacman/local/z-1-1/mtree': gzipSync(mtree) });
    chmodSync(join(root, 'usr/a b'), 0o755);
    symlinkSync('a b', join(root, 'usr/l'));
    assert.deepEqual(await altered(root), []);
    writeFileSync(join(root, 'usr/a b'), 'B');
    writeFileSync(join(root, 'etc/c'), 'C');
    chmodSync(join(root, 'etc/c'), 0o600);
    assert.deepEqual(await altered(root), ['content other /usr/a b', 'content+mode config /etc/c']);
  });

  it('may be missing where pacman was told not to unpack it', { skip: !isRoot && 'needs root' }, async (context) => {
    const settings = '[options]\nNoExtract  = usr/* !usr/l\n#NoExtract = etc/*\nNoExtract=usr/none\n';
    const { 'usr/a b': _, ...others } = files;
    const root = makeSystem(context, {
      ...others,
      'usr/other': '',
      'etc/pacman.conf': settings,
      'var/lib/pacman/local/z-1-1/mtree': gzipSync(mtree),
    });
    assert.deepEqual(await altered(root), ['missing other /usr/l']);
  });

  it('is unknown where the list is damaged', async (context) => {
    const { receipt } = await askBelow(
      makeSystem(context, { ...files, 'var/lib/pacman/local/z-1-1/mtree': 'no gzip' }),
    ).ask({ altered: true });
    assert.ok(receipt.sources?.some(({ kind, complete }) => kind === 'pacman-digests' && !complete));
  });
});

describe('a file of rpm', { skip: isRoot ? withoutRpm : 'needs root' }, () => {
  const spec = `Name: one
Version: 1
Release: 1
Summary: s
License: MIT
BuildArch: noarch
%description
d
%install
mkdir -p %{buildroot}/etc %{buildroot}/usr/bin %{buildroot}/var/log/one
for f in etc/one.conf etc/soft.conf usr/bin/one usr/bin/two usr/bin/three usr/bin/cap; do echo $f > %{buildroot}/$f; done
ln -s one %{buildroot}/usr/bin/link
touch %{buildroot}/var/log/one/log
%files
%config(noreplace) /etc/one.conf
%config(missingok) /etc/soft.conf
%attr(4755,root,root) /usr/bin/one
%attr(0755,root,root) /usr/bin/two
%verify(not md5 size mtime) %attr(0755,root,root) /usr/bin/three
%attr(0755,root,root) %caps(cap_net_raw=ep) /usr/bin/cap
/usr/bin/link
%dir %attr(0750,root,root) /var/log/one
%ghost %attr(0640,root,root) /var/log/one/log
`;

  it('differs where rpm -Va says so', (context) => {
    const top = makeSystem(context, { 'one.spec': spec });
    const root = makeSystem(context, { 'etc/passwd': 'root:x:0:0::/:/bin/sh\n', 'etc/group': 'root:x:0:\n' });
    const built = spawnSync('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${top}`, join(top, 'one.spec')], {
      encoding: 'utf8',
    });
    const installed = spawnSync(
      'sh',
      ['-c', 'rpm --root "$1" --dbpath /var/lib/rpm --nodeps --nosignature -i "$0"/RPMS/*/*.rpm', top, root],
      { encoding: 'utf8' },
    );
    assert.equal(installed.status, 0, built.stderr + installed.stderr);
    const check = async (): Promise<void> => {
      const { stdout } = spawnSync('rpm', ['--root', root, '--dbpath', '/var/lib/rpm', '-Va', '--nodeps'], {
        encoding: 'utf8',
      });
      const theirs = stdout.split('\n').flatMap((line) => {
        const [, what = '', file] = /^(\S+)\s+(?:[a-z] )?\s*(\/.*)$/.exec(line) ?? [];
        if (file === undefined) return [];
        const words = [
          ...(what === 'missing' ? ['missing'] : []),
          ...(what.includes('5') ? ['content'] : []),
          ...(what.includes('M') ? ['mode'] : []),
          ...(/[UG]/.test(what) ? ['owner'] : []),
          ...(what.includes('L') ? ['link'] : []),
          ...(what.includes('P') ? ['capability'] : []),
        ];
        // A changed time alone is nothing that we tell.
        return words.length === 0 ? [] : [`${words.join('+')} ${file}`];
      });
      const ours = (await altered(root)).map((line) => line.replace(/ (?:other|doc|config) /, ' '));
      assert.deepEqual(ours, theirs.sort(), stdout);
    };
    return check()
      .then(() => {
        for (const name of ['usr/bin/two', 'usr/bin/three', 'etc/one.conf']) writeFileSync(join(root, name), 'evil');
        chmodSync(join(root, 'usr/bin/one'), 0o755);
        chownSync(join(root, 'var/log/one'), 1, 1);
        for (const name of ['etc/soft.conf', 'var/log/one/log', 'usr/bin/link'])
          rmSync(join(root, name), { force: true });
        symlinkSync('two', join(root, 'usr/bin/link'));
        // Written anew it has lost its capabilities.
        rmSync(join(root, 'usr/bin/cap'));
        writeFileSync(join(root, 'usr/bin/cap'), 'usr/bin/cap\n', { mode: 0o755 });
        chmodSync(join(root, 'usr/bin/cap'), 0o755);
        return check();
      })
      .then(() => {
        rmSync(join(root, 'usr/bin/two'));
        rmSync(join(root, 'var/log/one'), { recursive: true });
        return check();
      });
  });
});
