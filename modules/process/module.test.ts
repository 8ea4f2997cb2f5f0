import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf } from '../kit/testing/ask.ts';
import { describeCapabilities, toCapabilityNames } from './capabilities.ts';
import { module } from './module.ts';

describe('flags of mig process', () => {
  it('become one search', () => {
    assert.deepEqual(
      module.toParameters({ name: ['^x$'], ppid: ['1', '2'], deleted: true, olderthan: '5h', returnsha256: true }),
      {
        searches: {
          s1: {
            names: ['^x$'],
            ppids: [1, 2],
            deleted: true,
            olderthan: '5h',
            options: { matchlimit: 1000, returnsha256: true },
          },
        },
      },
    );
  });

  it('may all be left out', () => assert.deepEqual(Object.keys(module.toParameters({}).searches), ['s1']));

  const wrong: readonly [string, Parameters<typeof module.toParameters>[0], RegExp][] = [
    ['a parent that is no number', { ppid: ['init'] }, /^-ppid: /],
    ['an age with a sign', { olderthan: '>5h' }, /^-olderthan: .*got ">5h"/],
    ['a digest of a wrong length', { sha2: ['abcd'] }, /^-sha2: .*got "abcd"/],
    ['a pattern that is not RE2', { cmd: ['(?!x)'] }, /^-cmd: /],
    ['a negated pattern that is none', { name: ['!('] }, /^-name: /],
    ['a negative limit', { matchlimit: -1 }, /^-matchlimit: /],
  ];
  for (const [name, flags, message] of wrong)
    it(`refuse ${name}`, () => assert.throws(() => module.toParameters(flags), { code: 'usage', message }));
});

describe('lines of mig process', () => {
  it('leave out what is not there', () => {
    const elements = {
      s1: [
        {
          pid: 7,
          ppid: 1,
          name: 'x',
          cmd: 'x -v',
          exe: '/bin/x',
          deleted: 'memory',
          user: 'root',
          started: '2026-11-24 03:07:34 +0000 UTC',
          listening: [
            { protocol: 'tcp', address: '::', port: 22 },
            { protocol: 'udp', address: '0.0.0.0', port: 68 },
          ],
        },
        { pid: 2, ppid: 0, name: 'kthreadd', cmd: '', exe: null, user: 'root', started: null, capabilities: ['all'] },
      ],
    };
    assert.deepEqual(linesOf(module, elements), [
      '7 x [ppid:1, user:root, started:2026-11-24 03:07:34 +0000 UTC, exe:/bin/x, executable:never on disk, listening:tcp/[::]:22 udp/0.0.0.0:68, cmd:x -v]',
      '2 kthreadd [ppid:0, user:root, capabilities:all]',
    ]);
  });
});

describe('capabilities', () => {
  const cases: readonly [bigint, number, readonly string[]][] = [
    [0n, 40, []],
    [(1n << 41n) - 1n, 40, ['all']],
    [(1n << 37n) - 1n, 36, ['all']],
    [1n << 12n, 40, ['cap_net_admin']],
    [(1n << 13n) | (1n << 21n), 40, ['cap_net_raw', 'cap_sys_admin']],
    [1n << 63n, 40, ['cap_63']],
  ];
  for (const [set, last, expected] of cases)
    it(`of ${set.toString(16)} are ${expected.join(' ') || 'none'}`, () =>
      assert.deepEqual(toCapabilityNames(set, last), expected));

  it('are listed for people where they are few, and else by what is missing', () => {
    assert.equal(describeCapabilities(['all']), 'all');
    assert.equal(describeCapabilities(['cap_kill', 'cap_net_raw']), 'cap_kill cap_net_raw');
    const nearlyAll = toCapabilityNames(((1n << 41n) - 1n) ^ (1n << 24n), 40);
    assert.equal(describeCapabilities(nearlyAll), 'all but cap_sys_resource');
  });
});
