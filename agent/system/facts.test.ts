import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOsRelease, parseSystemVersion, readInit } from './facts.ts';

test('Linux tells its name in os-release, quoted or not', () => {
  assert.equal(
    parseOsRelease('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'),
    'Debian GNU/Linux 12 (bookworm)',
  );
  assert.equal(parseOsRelease('PRETTY_NAME=Alpine\n'), 'Alpine');
  assert.equal(parseOsRelease(''), undefined);
});

test('macOS tells its name and version in a property list', () => {
  const list = `<plist version="1.0"><dict>
    <key>ProductName</key> <string>macOS</string>
    <key>ProductVersion</key>
    <string>14.5</string>
  </dict></plist>`;
  assert.equal(parseSystemVersion(list), 'macOS 14.5');
  assert.equal(parseSystemVersion(''), undefined);
});

test('Linux tells its first process, where that is a word', {
  skip: process.platform === 'linux' ? false : 'of Linux',
}, () => {
  const from = (files: Readonly<Record<string, string>>) => readInit((path) => files[path]);
  assert.equal(from({ '/proc/1/comm': 'systemd\n' }), 'systemd');
  assert.equal(from({ '/proc/1/comm': 'init\n', '/run/openrc/softlevel': 'default\n' }), 'openrc');
  assert.equal(from({ '/proc/1/comm': 'a b\n' }), undefined);
  assert.equal(from({}), undefined);
});
