import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askerOf, linesOf } from '../kit/testing/ask.ts';
import { makeHost } from '../kit/testing/host.ts';
import { module } from './module.ts';
import { runBelow } from './run.ts';

const host = makeHost({
  '/etc/os-release': 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\nID_LIKE="a b"\n',
  '/proc/uptime': '8640000.11 12.0\n',
  '/proc/stat': 'cpu 1\nbtime 1769842800\n',
});
const { ask, askAll } = askerOf(module, runBelow(host.root));

describe('a search', () => {
  it('lists its settings when all conditions hold', async () => {
    const { hits, foundanything } = await ask({ settings: ['os:id = debian', 'os:version < 12.1', 'os:uptime > 90d'] });
    assert.equal(foundanything, true);
    assert.deepEqual(hits, [
      {
        key: 'os:id',
        holds: 'yes',
        now: 'debian',
        boot: 'debian',
        from: { path: host.at('/etc/os-release'), line: 3 },
      },
      { key: 'os:version', holds: 'yes', now: '12', boot: '12', from: { path: host.at('/etc/os-release'), line: 2 } },
      { key: 'os:uptime', holds: 'yes', now: '8640000' },
    ]);
  });

  it('lists nothing when one does not', async () => {
    const { hits, foundanything } = await ask({ settings: ['os:id = debian', 'os:version > 12'] });
    assert.deepEqual({ hits, foundanything }, { hits: [], foundanything: false });
  });

  it('with verdicts lists every setting, and why it is unknown', async () => {
    const { hits } = await ask({
      settings: ['os:id != debian', 'os:uptime > 90d'],
      when: 'boot',
      options: { verdicts: true },
    });
    assert.deepEqual(
      hits.map(({ key, holds, why }) => [key, holds, why]),
      [
        ['os:id', 'no', undefined],
        ['os:uptime', 'unknown', 'unsupported'],
      ],
    );
  });

  for (const [settings, told] of [
    [
      ['os:id', 'sshd:Port', 'os:uptime'],
      ['os:id yes', 'sshd:Port inapplicable', 'os:uptime yes'],
    ],
    [
      ['os:id = debian', 'firewall:nftables'],
      ['os:id yes', 'firewall:nftables unknown'],
    ],
    [['os:id = suse', 'os:uptime'], []],
    [['os:id', 'sshd:Port = 1'], []],
    [['sshd:Port', 'sshd:Port != 1', 'os:id'], []],
    [['sshd:Port', 'sshd:UsePAM'], []],
    [['sshd:Port', 'firewall:nftables'], []],
  ] as const)
    it(`of ${settings.join(', ')} tells ${told.join(', ') || 'nothing'}`, async () => {
      const { hits } = await ask({ settings: [...settings] });
      assert.deepEqual(
        hits.map(({ key, holds }) => `${key} ${holds}`),
        told,
      );
    });

  it('counts in the receipt what it cannot decide', async () => {
    const { receipt } = await askAll({ s1: { settings: ['os:uptime now!=boot'] } });
    assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 1 }]);
  });
});

it('a question that no machine can answer is advised on', () => {
  const asked = (when?: string) => module.toParameters({ setting: ['audit:rules set', 'audit:immutable = yes'], when });
  assert.deepEqual(module.advise(asked()), ['audit: is only known after a reboot, so write -when boot']);
  assert.deepEqual(module.advise(asked('boot')), []);
});

it('a pattern that RE2 refuses fails its search alone', async () => {
  const { hits, errors, elements } = await askAll({
    s1: { settings: ['os:id ~ a{3000}'] },
    s2: { settings: ['os:id'] },
  });
  assert.deepEqual([hits, elements.s2?.length], [[], 1]);
  assert.match(errors[0] ?? '', /^search 's1': settings: RE2 refuses "a\{3000\}"/);
});

it('prints a line for each setting', () => {
  const from = { path: '/etc/sysctl.d/9.conf', line: 3 };
  const elements = [
    { key: 'sysctl:net.ipv4.ip_forward', holds: 'yes', now: '1', boot: '0', from },
    { key: 'mount:/tmp', holds: 'yes', now: ['rw', 'nodev'], boot: ['rw', 'nodev'] },
    { key: 'os:variant', holds: 'yes', now: null, boot: null },
    { key: 'sysctl:kernel.panic', holds: 'yes', now: '1', boot: null, defaults: ['boot'] },
    { key: 'os:uptime', holds: 'unknown', why: 'no-permission' },
  ];
  assert.deepEqual(linesOf(module, { s1: elements }), [
    'sysctl:net.ipv4.ip_forward [now:1, boot:0, from:/etc/sysctl.d/9.conf:3]',
    'mount:/tmp [now:rw nodev]',
    'os:variant [now:(unset)]',
    'sysctl:kernel.panic [now:1, boot:(default)]',
    'os:uptime [holds:unknown, why:no-permission]',
  ]);
});
