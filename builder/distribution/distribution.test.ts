/** Packages of a small stand-in, read back by the tools of their system where these are installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { eventually } from '../../tools/lab/eventually.ts';
import { tinyEnvironment } from '../fixtures/environment.ts';
import { makeDeb } from './deb.ts';
import { type PackageInput, toFiles, toRelease, toTarball } from './file-tree.ts';
import { makeRpm } from './rpm.ts';

const standIn = Buffer.from('#!/bin/sh\necho stands for an agent\n');
const input: PackageInput = {
  environment: tinyEnvironment,
  version: '1.2.3',
  release: toRelease(tinyEnvironment, 7),
  arch: 'x64',
  files: toFiles(tinyEnvironment, standIn, '{}\n'),
};
const executable = '/usr/sbin/mig-agent-tiny';
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-distribution-'));
});
after(() => rmSync(folder, { recursive: true }));

function isInstalled(command: string): boolean {
  const found = spawnSync(command, ['--version']).status === 0;
  if (!found) process.stderr.write(`SKIPPED: ${command} is not installed, a package format was NOT checked\n`);
  return found;
}

function read(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

test('dpkg reads the package: names, rights, and scripts that are shell', {
  skip: !isInstalled('dpkg-deb'),
}, async () => {
  const bytes = await makeDeb(input);
  assert.ok(bytes.equals(await makeDeb(input)), 'the same input gives the same bytes');
  const file = join(folder, 'agent.deb');
  writeFileSync(file, bytes);
  assert.match(
    read('dpkg-deb', '-f', file, 'Package', 'Version', 'Architecture'),
    /mig-agent-tiny.*1\.2\.3-7\.[0-9a-f]{8}\n.*amd64/s,
  );
  const listing = read('dpkg-deb', '-c', file);
  assert.match(listing, /^-rwx------ root\/root +\d+ 1970-01-01 .* \.\/usr\/sbin\/mig-agent-tiny$/m);
  assert.match(listing, /^-rw-r--r-- root\/root .* \.\/usr\/lib\/systemd\/system\/mig-agent-tiny\.service$/m);
  const control = join(folder, 'control');
  read('dpkg-deb', '-e', file, control);
  for (const script of ['postinst', 'prerm', 'postrm']) read('sh', '-n', join(control, script));
});

test('rpm reads the package: names, rights, requirements', { skip: !isInstalled('rpmbuild') }, async () => {
  const bytes = await makeRpm(input);
  // rpmbuild counts seconds: the second package is made in another one.
  const second = Math.floor(Date.now() / 1000);
  await eventually(async () => Math.floor(Date.now() / 1000) > second);
  assert.ok(bytes.equals(await makeRpm(input)), 'the same input gives the same bytes');
  const file = join(folder, 'agent.rpm');
  writeFileSync(file, bytes);
  const format = '%{NAME} %{VERSION}-%{RELEASE} %{ARCH}\\n[%{FILEMODES:perms} %{FILEUSERNAME} %{FILENAMES}\\n]';
  const [head, ...files] = read('rpm', '-qp', '--queryformat', format, file).trimEnd().split('\n');
  assert.match(head ?? '', /^mig-agent-tiny 1\.2\.3-7\.[0-9a-f]{8} x86_64$/);
  assert.ok(files.includes(`-rwx------ root ${executable}`), files.join('\n'));
  assert.match(read('rpm', '-qp', '--requires', file), /glibc >= 2\.28/);
});

describe('the tarball', { skip: !isInstalled('tar') }, () => {
  let file: string;
  const installed = 'usr/local/sbin/mig-agent-tiny';
  before(() => {
    file = join(folder, 'agent.tar.gz');
    writeFileSync(file, gzipSync(toTarball(tinyEnvironment, standIn, '{}\n')));
  });

  test('has files of root where install puts them, and enables the unit', () => {
    const lines = read('tar', 'tvzf', file).trimEnd().split('\n');
    assert.ok(lines.some((line) => line.startsWith('-rwx------ root/root ') && line.endsWith(` ./${installed}`)));
    const link = /^l.* \.\/etc\/.*\.wants\/mig-agent-tiny\.service -> \/etc\/systemd\/system\/mig-agent-tiny\.service$/;
    assert.ok(
      lines.some((line) => link.test(line)),
      lines.join('\n'),
    );
    assert.equal(
      read('tar', 'xzOf', file, './etc/systemd/system/mig-agent-tiny.service').includes(`/${installed}\n`),
      true,
    );
    assert.equal(read('tar', 'xzOf', file, `./${installed}`), standIn.toString());
  });

  test("leaves an image's own folders and links as they are", () => {
    const image = join(folder, 'image');
    const folders = ['', 'etc', 'etc/systemd', 'usr', 'usr/bin', 'usr/share', 'opt', 'opt/local'];
    for (const path of folders) mkdirSync(join(image, path));
    // As in distributions with one folder for programs, and on hosts whose /usr/local is elsewhere.
    symlinkSync('bin', join(image, 'usr/sbin'));
    symlinkSync('../opt/local', join(image, 'usr/local'));
    const old = new Date('2020-01-01T00:00:00Z');
    for (const path of folders.toReversed()) {
      chmodSync(join(image, path), 0o711);
      utimesSync(join(image, path), old, old);
    }
    read('tar', '-C', image, '-xzf', file);
    assert.equal(readlinkSync(join(image, 'usr/sbin')), 'bin');
    assert.equal(readlinkSync(join(image, 'usr/local')), '../opt/local');
    assert.ok(existsSync(join(image, 'opt/local/sbin/mig-agent-tiny')));
    for (const path of folders) assert.equal(statSync(join(image, path)).mode & 0o777, 0o711, path);
    // Nothing was made in these themselves.
    for (const path of ['', 'etc', 'usr', 'opt']) assert.deepEqual(statSync(join(image, path)).mtime, old, path);
  });
});

test('the release goes up with the revision, and another configuration has another one', () => {
  assert.notEqual(toRelease({ ...tinyEnvironment, tags: { role: 'web' } }, 1), toRelease(tinyEnvironment, 1));
  const isNewer = (first: number, second: number): boolean =>
    spawnSync('dpkg', [
      '--compare-versions',
      `1-${toRelease({ ...tinyEnvironment, tags: { a: String(first) } }, first)}`,
      'lt',
      `1-${toRelease(tinyEnvironment, second)}`,
    ]).status === 0;
  if (isInstalled('dpkg')) for (const first of [1, 8, 9, 10, 99]) assert.ok(isNewer(first, first + 1), String(first));
});
