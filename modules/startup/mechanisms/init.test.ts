import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { briefOf, entriesOf, program } from '../testing/entries.ts';
import { listInit } from './init.ts';
import { parseInittab } from './inittab.ts';

describe('init', () => {
  it('starts scripts by links, by level, and from anywhere', () =>
    assert.deepEqual(
      briefOf(
        entriesOf(listInit, {
          '/etc/init.d/ssh': program(),
          '/etc/init.d/cron': program(),
          '/etc/init.d/idle': program(),
          '/etc/init.d/stopped': program(),
          '/etc/init.d/text': 'no program',
          '/etc/init.d/README': 'text',
          '/opt/x': program(),
          '/etc/rc2.d/S01ssh': { link: '../init.d/ssh' },
          '/etc/rc3.d/S01ssh': { link: '../init.d/ssh' },
          '/etc/rc0.d/K01ssh': { link: '../init.d/ssh' },
          '/etc/rc0.d/S01stopped': { link: '../init.d/stopped' },
          '/etc/rc2.d/K01idle': { link: '../init.d/idle' },
          '/etc/rc2.d/S02cron': { link: '/etc/init.d/cron' },
          '/etc/rc2.d/S99x': { link: '/opt/x' },
          '/etc/rc2.d/S98here': program(),
          '/sbin/init': { link: '/lib/systemd/systemd' },
          '/lib/systemd/system/cron.service': '',
        }),
      ),
      [
        'init cron /etc/init.d/cron masked boot 2 root → /etc/init.d/cron',
        'init idle /etc/init.d/idle disabled boot root → /etc/init.d/idle',
        'init ssh /etc/init.d/ssh enabled boot 2 3 root → /etc/init.d/ssh',
        'init stopped /etc/init.d/stopped disabled boot root → /etc/init.d/stopped',
        'init here /etc/rc2.d/S98here enabled boot 2 root → /etc/rc2.d/S98here',
        'init x /etc/rc2.d/S99x enabled boot 2 root → /opt/x',
      ],
    ));

  it('reads folders of Red Hat once, and rc.local only when it is executable', () =>
    assert.deepEqual(
      briefOf(
        entriesOf(listInit, {
          '/etc/rc.d/init.d/net': program(),
          '/etc/init.d': { link: 'rc.d/init.d' },
          '/etc/rc.d/rc3.d/S10net': { link: '../init.d/net' },
          '/etc/rc3.d': { link: 'rc.d/rc3.d' },
          '/etc/rc.d/rc.local': '#!/bin/sh\n',
          '/etc/rc.local': { link: 'rc.d/rc.local' },
        }),
      ),
      [
        'init net /etc/init.d/net enabled boot 3 root → /etc/rc.d/init.d/net',
        'rc rc.local /etc/rc.local disabled boot root → /etc/rc.d/rc.local',
      ],
    ));

  it('starts services of OpenRC', () =>
    assert.deepEqual(
      briefOf(
        entriesOf(listInit, {
          '/etc/init.d/sshd': program(),
          '/etc/runlevels/default/sshd': { link: '/etc/init.d/sshd' },
          '/etc/local.d/x.start': program(),
          '/etc/local.d/x.stop': program(),
        }),
      ),
      [
        'init sshd /etc/init.d/sshd enabled boot default root → /etc/init.d/sshd',
        'rc x.start /etc/local.d/x.start enabled boot root → /etc/local.d/x.start',
        'rc x.stop /etc/local.d/x.stop disabled boot root → /etc/local.d/x.stop',
      ],
    ));

  it('has lines of inittab, which systemd does not read', () => {
    const text =
      'id:2:initdefault:\n# x\nsi::sysinit:/etc/init.d/rcS\nca:12345:ctrlaltdel:/sbin/shutdown -t1 -a\n1:2345:off:/sbin/getty 38400 tty1\n::respawn:-/bin/sh\nbroken\n';
    const told = briefOf(entriesOf(listInit, { '/etc/inittab': text }));
    assert.deepEqual(told, [
      'init si /etc/inittab:3 enabled boot :sysinit root $ /etc/init.d/rcS → /etc/init.d/rcS',
      'init ca /etc/inittab:4 enabled event 12345:ctrlaltdel root $ /sbin/shutdown -t1 -a → /sbin/shutdown',
      'init 1 /etc/inittab:5 disabled boot 2345:off root $ /sbin/getty 38400 tty1 → /sbin/getty',
      'init  /etc/inittab:6 enabled boot :respawn root $ /bin/sh → /bin/sh',
    ]);
    const systemd = { '/sbin/init': { link: '/lib/systemd/systemd' } };
    assert.ok(
      briefOf(entriesOf(listInit, { '/etc/inittab': text, ...systemd })).every((line) => line.includes(' disabled ')),
    );
  });

  it('has an inittab of any bytes', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void [...parseInittab(text)])));
});
