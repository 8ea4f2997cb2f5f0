/** What packages brought, on a host of dpkg. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { makeHost } from '../kit/testing/host.ts';
import { askerOfHost } from './testing/host.ts';

const host = makeHost({
  '/usr/lib/systemd/system/cron.service':
    '[Service]\nExecStart=/usr/sbin/cron -f\n[Install]\nWantedBy=multi-user.target\n',
  '/usr/sbin/cron': '',
  '/usr/lib/systemd/system/tool.service': '[Service]\nExecStart=/opt/tool\n',
  '/opt/tool': '',
  '/usr/lib/systemd/system/gone.service': '[Service]\nExecStart=/usr/bin/gone\n',
  '/etc/systemd/system/cron.service.d/x.conf': '[Service]\nNice=1\n',
  '/etc/systemd/system/own.service': '[Service]\nExecStart=/usr/sbin/cron\n',
  '/run/systemd/generator/x.mount': '[Mount]\nWhat=x\n',
  '/etc/profile': '',
  '/var/lib/dpkg/status': 'Package: cron\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n',
  '/var/lib/dpkg/info/cron.list':
    '/.\n/lib/systemd/system/cron.service\n/lib/systemd/system/tool.service\n/lib/systemd/system/gone.service\n/usr/sbin/cron\n',
});
symlinkSync('usr/lib', host.at('/lib'));
for (const [path, target] of [
  ['/etc/systemd/system/multi-user.target.wants/cron.service', '/lib/systemd/system/cron.service'],
  ['/etc/systemd/system/crond.service', '/lib/systemd/system/cron.service'],
  ['/etc/systemd/system/masked.service', '/dev/null'],
] as const) {
  mkdirSync(dirname(host.at(path)), { recursive: true });
  symlinkSync(target, host.at(path));
}
const { ask } = askerOfHost(host);

describe('an entry', () => {
  const cases: readonly (readonly [path: string, owned: string, ...more: (string | undefined)[]])[] = [
    ['/usr/lib/systemd/system/cron.service', 'package', 'cron', 'cron'],
    ['/usr/lib/systemd/system/tool.service', 'none', 'cron'],
    ['/usr/lib/systemd/system/gone.service', 'package', 'cron'],
    ['/etc/systemd/system/cron.service.d/x.conf', 'none'],
    ['/etc/systemd/system/own.service', 'none', undefined, 'cron'],
    // A link that systemctl makes belongs to the package of the unit.
    ['/etc/systemd/system/crond.service', 'package', 'cron'],
    ['/etc/systemd/system/masked.service', 'none'],
    ['/etc/profile', 'none', undefined, undefined, 'base-files postinst'],
    ['/run/systemd/generator/x.mount', 'none', undefined, undefined, 'generators of systemd'],
  ];
  for (const [path, ...expected] of cases)
    it(`${path} is ${expected.join(' ')}`, async () => {
      const { hits } = await ask({ paths: [`^${host.at(path)}$`], owneds: ['package', 'none', 'altered'] });
      const [row] = hits;
      const told = [row?.owned, row?.package, row?.targetpackage, row?.script];
      assert.deepEqual(told, [...expected, ...Array.from({ length: 4 - expected.length }, () => undefined)]);
    });

  it('is altered when the file, or what it starts, is not what the package brought', async () => {
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const unit = '[Service]\nExecStart=/usr/sbin/cron\n';
    const names = ['cron', 'odd', 'same'];
    const job = '@daily root /usr/sbin/same\n';
    const brought = makeHost({
      '/usr/lib/systemd/system/cron.service': unit,
      '/usr/sbin/cron': 'evil',
      '/usr/lib/systemd/system/odd.service': '[Service]\nExecStart=/usr/sbin/same\n',
      '/usr/sbin/same': 'same',
      '/etc/cron.d/same': job,
      '/var/lib/dpkg/status': `Package: cron\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nConffiles:\n /etc/cron.d/same ${md5(job)}\n\n`,
      '/var/lib/dpkg/info/cron.list': `/.\n${names.map((name) => `/usr/lib/systemd/system/${name}.service\n/usr/sbin/${name}\n`).join('')}/etc/cron.d/same\n`,
      '/var/lib/dpkg/info/cron.md5sums': `${md5(unit)}  usr/lib/systemd/system/cron.service\n${md5('cron')}  usr/sbin/cron\n${md5(unit)}  usr/lib/systemd/system/odd.service\n${md5('same')}  usr/sbin/same\n`,
    });
    const { hits } = await askerOfHost(brought).ask({ owneds: ['package', 'altered', 'none'] });
    assert.deepEqual(
      hits.map(({ name, owned }) => [name, owned]),
      [
        ['cron.service', 'altered'],
        ['odd.service', 'altered'],
        ['same', 'package'],
      ],
    );
  });

  it('of no package is undecided where a list cannot be read', async () => {
    const odd = makeHost({ '/etc/profile': '', '/var/lib/dpkg/info/a.list/folder': '' });
    const { receipt, hits } = await askerOfHost(odd).ask({ owneds: ['none'] });
    assert.deepEqual(hits, []);
    assert.ok(receipt.skipped.some(({ reason }) => reason === 'undecided'));
  });
});
