import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, it } from 'node:test';
import { makeHost } from '../testing/host.ts';
import { HostRoot } from './host-root.ts';

const host = makeHost({ '/usr/lib/units/a.service': '', '/etc/passwd': '' });
mkdirSync(host.at('/etc/units'));
symlinkSync('usr/lib', host.at('/lib'));
symlinkSync('/lib/units/a.service', host.at('/etc/units/absolute'));
symlinkSync('../../lib/units/a.service', host.at('/etc/units/relative'));
symlinkSync('../../../../../../../etc/passwd', host.at('/etc/units/upwards'));
symlinkSync('/nowhere/x', host.at('/etc/units/gone'));
symlinkSync('loop', host.at('/etc/units/loop'));

describe('the links of a host', () => {
  const root = new HostRoot(host.root);
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['/etc/units/absolute', '/usr/lib/units/a.service'],
    ['/etc/units/relative', '/usr/lib/units/a.service'],
    ['/etc/units/upwards', '/etc/passwd'],
    ['/etc/units/gone', '/nowhere/x'],
    ['/etc/units/loop', undefined],
    ['/lib/../etc/passwd', '/usr/etc/passwd'],
    ['/..//etc/./passwd', '/etc/passwd'],
    ['/nowhere/at/all', '/nowhere/at/all'],
  ];
  for (const [path, resolved] of cases)
    it(`lead from ${path} to ${resolved ?? 'nothing'}`, () => assert.equal(root.resolve(path), resolved));

  it('lead to its own files, not to those of this machine', () =>
    assert.equal(root.locate('/etc/units/upwards'), host.at('/etc/passwd')));
});
