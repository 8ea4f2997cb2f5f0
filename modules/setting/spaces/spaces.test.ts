/** Key spaces whose values are each in one place. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askerOf } from '../../kit/testing/ask.ts';
import { makeHost } from '../../kit/testing/host.ts';
import { module } from '../module.ts';
import { runBelow } from '../run.ts';
import { spaces } from '../spaces.ts';

const secureBoot = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

const machine = {
  '/sys/devices/system/cpu/vulnerabilities/meltdown': 'Mitigation: PTI\n',
  '/sys/devices/system/cpu/vulnerabilities/mds': 'Vulnerable: Clear CPU buffers attempted, no microcode\n',
  '/proc/cpuinfo': 'processor\t: 0\nmicrocode\t: 0xb4\nflags\t\t: fpu hypervisor lm\n',
  [secureBoot]: Buffer.from([6, 0, 0, 0, 1]),
  '/proc/cmdline': 'quiet\n',
  '/boot/grub/grub.cfg': 'set default="0"\nlinux /vmlinuz quiet enforcing=0\n',
  '/sys/kernel/security/lsm': 'lockdown,capability,apparmor',
  '/sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
  '/sys/kernel/security/apparmor/profiles': '/usr/bin/man (enforce)\nman_filter (complain)\n',
  '/sys/module/apparmor/parameters/enabled': 'Y\n',
  '/sys/fs/selinux/enforce': '1',
  '/sys/fs/selinux/booleans/httpd_can_network_connect': '1 1',
  '/etc/selinux/config': '# SELINUX=disabled\nSELINUX=Enforcing\nSELINUXTYPE=targeted\n',
  '/var/lib/selinux/targeted/active/booleans.local': '# comment\nhttpd_can_network_connect=0\n',
  '/etc/audit/audit.rules': '-w /etc/other\n',
  '/etc/audit/rules.d/10-base.rules': '-D\n-b 8192\n-e 1\n',
  '/etc/audit/rules.d/99-end.rules': '## end\n-w /etc/sudoers -p wa -k scope\n-e 2\n',
  '/proc/net/ip_tables_names': 'nat\nfilter\n',
  '/run/reboot-required': '*** System restart required ***\n',
};

const cases: readonly (readonly [key: string, now: unknown, boot: unknown, from?: string])[] = [
  ['cpu:meltdown', 'Mitigation: PTI', undefined],
  ['cpu:microcode', '0xb4', undefined],
  ['efi:secureboot', 'yes', 'yes'],
  ['efi:setupmode', 'no', 'no'],
  ['lsm:modules', ['lockdown', 'capability', 'apparmor'], undefined],
  ['lsm:lockdown', 'integrity', undefined],
  ['lsm:apparmor', 'yes', undefined],
  ['lsm:apparmor/man_filter', 'complain', undefined],
  ['lsm:selinux', 'enforcing', 'permissive', '/boot/grub/grub.cfg:2'],
  ['lsm:selinuxtype', 'targeted', 'targeted', '/etc/selinux/config:3'],
  ['lsm:selinux/httpd_can_network_connect', 'on', 'off', '/var/lib/selinux/targeted/active/booleans.local:2'],
  ['audit:immutable', undefined, 'yes', '/etc/audit/rules.d/99-end.rules:3'],
  ['audit:rules', undefined, ['-w /etc/sudoers -p wa -k scope']],
  ['audit:failure', undefined, null],
  ['firewall:iptables', ['nat', 'filter'], undefined],
  ['firewall:ip6tables', null, undefined],
  ['os:machinetype', 'virtual', 'virtual'],
  ['os:rebootrequired', 'yes', undefined, '/run/reboot-required'],
];

describe('on a machine that has it', () => {
  const host = makeHost(machine);
  const { ask } = askerOf(module, runBelow(host.root));
  for (const [key, now, boot, from] of cases)
    it(`${key} is told`, async () => {
      const [hit] = (await ask({ settings: [key], options: { verdicts: true } })).hits;
      const place =
        hit?.from === undefined
          ? undefined
          : `${hit.from.path}${hit.from.line === undefined ? '' : `:${hit.from.line}`}`;
      assert.deepEqual([hit?.now, hit?.boot, place], [now, boot, from === undefined ? undefined : host.at(from)]);
    });

  it('weaknesses are found by a star', async () => {
    const { hits } = await ask({ settings: ['cpu:* ~ ^Vulnerable'] });
    assert.deepEqual(
      hits.map(({ key }) => key),
      ['cpu:mds'],
    );
  });
});

describe('on a machine without it', () => {
  const { ask } = askerOf(module, runBelow(makeHost({}).root));
  for (const [condition, holds, why] of [
    ['efi:secureboot = yes', 'inapplicable', undefined],
    ['audit:rules set', 'inapplicable', undefined],
    ['cpu:meltdown ~ Vulnerable', 'unknown', 'unsupported'],
    ['lsm:modules = selinux', 'unknown', 'unsupported'],
    ['firewall:nftables set', 'unknown', 'unsupported'],
    ['firewall:iptables unset', 'yes', undefined],
    ['os:id unset', 'yes', undefined],
    ['os:rebootrequired = yes', 'unknown', 'unsupported'],
    ['mount:/tmp set', 'unknown', 'unsupported'],
  ] as const)
    it(`${condition} is ${holds}`, async () => {
      const [hit] = (await ask({ settings: [condition], options: { verdicts: true } })).hits;
      assert.deepEqual([hit?.holds, hit?.why], [holds, why]);
    });
});

it('a key has few stars, since each takes time', () => {
  const isTaken = (key: string) => module.parameters.safeParse({ searches: { s1: { settings: [key] } } }).success;
  assert.ok(isTaken(`sysctl:${'a*'.repeat(8)}`));
  assert.ok(!isTaken(`sysctl:${'a*'.repeat(9)}`));
});

describe('a key space', () => {
  for (const space of spaces) {
    it(`${space.prefix}: has an example that is a question`, () => {
      const parameters = { searches: { s1: { settings: [space.example] } } };
      assert.ok(module.parameters.safeParse(parameters).success, space.example);
      assert.match(space.example, new RegExp(`^${space.prefix}(?::|\\[.*\\]:|\\(.*\\):)`));
      assert.match(space.help, /^[A-Z].*\.$/);
    });

    it(`${space.prefix}: refuses keys that lead elsewhere`, () => {
      for (const key of ['', '../../etc/shadow', 'a/../../b'])
        if (!key.includes('..') || space.pathOf === undefined) assert.notEqual(space.checkKey(key), null, key);
    });
  }
});
