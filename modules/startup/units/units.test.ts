/** Units of a host that runs, from its files alone. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { makeHost, readerOf } from '../../kit/testing/host.ts';
import { briefOf } from '../testing/entries.ts';
import { listGenerators } from './list-generators.ts';
import { listUnits } from './list-units.ts';

const usr = '/usr/lib/systemd/system';
const etc = '/etc/systemd/system';
const groups = '/sys/fs/cgroup/system.slice';
const wanted = '[Install]\nWantedBy=multi-user.target\n';

const host = makeHost({
  [`${usr}/multi-user.target`]: '[Unit]\nWants=static.service\n',
  [`${usr}/web.service`]: `[Service]\nExecStart=/usr/sbin/web -D\nUser=www\n${wanted}`,
  [`${etc}/web.service.d/evil.conf`]: '[Service]\nExecStartPost=/bin/sh /opt/hook.sh\n',
  [`${etc}/web.service.d/more.conf`]: '[Service]\nNice=5\n',
  [`${usr}/static.service`]: '[Service]\nType=oneshot\nExecStart=/usr/bin/once\n',
  [`${usr}/job.service`]: '[Service]\nExecStart=/usr/bin/job --all\n',
  [`${usr}/job.timer`]: '[Timer]\nOnCalendar=daily\nOnBootSec=5min\n[Install]\nWantedBy=timers.target\n',
  [`${usr}/hand.service`]: `[Service]\nExecStart=/usr/bin/hand\n${wanted}`,
  [`${usr}/down.service`]: `[Service]\nExecStart=/usr/bin/down\n${wanted}`,
  [`${usr}/conn@.service`]: '[Service]\nExecStart=/usr/bin/conn %i\n',
  [`${usr}/conn.socket`]: '[Socket]\nListenStream=42\nAccept=yes\n',
  [`${usr}/getty@.service`]: '[Service]\nExecStart=/sbin/agetty %I\n[Install]\nWantedBy=getty.target\n',
  [`${usr}/broken.service`]: '[Service\n',
  [`${groups}/web.service/cgroup.events`]: 'populated 1\nfrozen 0\n',
  [`${groups}/hand.service/cgroup.events`]: 'populated 1\n',
  [`${groups}/deleted.service/cgroup.events`]: 'populated 1\n',
  [`${groups}/empty.service/cgroup.events`]: 'populated 0\n',
  '/sys/fs/cgroup/user.slice/user-7.slice/user@7.service/app.slice/own.service/cgroup.events': 'populated 1\n',
  '/run/systemd/generator/x.mount': '[Mount]\nWhat=/dev/x\nWhere=/x\n',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\neve:x:7:7::/home/eve:/bin/sh\n',
  '/var/lib/systemd/linger/eve': '',
  '/home/eve/.config/systemd/user/own.service':
    '[Service]\nExecStart=/home/eve/x\n[Install]\nWantedBy=default.target\n',
  '/usr/lib/systemd/user/all.service': '[Service]\nExecStart=/usr/bin/all\n[Install]\nWantedBy=default.target\n',
  '/usr/lib/systemd/system-generators/gen': '#!/bin/sh\n',
  '/usr/lib/systemd/system-generators/off': '#!/bin/sh\n',
  '/usr/lib/systemd/user-generators/mine': '#!/bin/sh\n',
  '/usr/lib/systemd/system-shutdown/last': '#!/bin/sh\n',
});
const links = {
  [`${etc}/default.target`]: `${usr}/multi-user.target`,
  [`${etc}/multi-user.target.wants/web.service`]: `${usr}/web.service`,
  [`${etc}/multi-user.target.wants/down.service`]: `${usr}/down.service`,
  [`${etc}/multi-user.target.wants/timers.target`]: `${usr}/timers.target`,
  [`${etc}/multi-user.target.wants/getty@tty1.service`]: `${usr}/getty@.service`,
  [`${etc}/timers.target.wants/job.timer`]: `${usr}/job.timer`,
  [`${etc}/gone.service`]: '/dev/null',
  '/home/eve/.config/systemd/user/default.target.wants/own.service': '../own.service',
  '/home/eve/.config/systemd/user/default.target.wants/all.service': '/usr/lib/systemd/user/all.service',
  '/etc/systemd/system-generators/off': '/dev/null',
};
for (const [path, target] of Object.entries(links)) {
  mkdirSync(dirname(host.at(path)), { recursive: true });
  symlinkSync(target, host.at(path));
}
for (const name of ['system-generators/gen', 'system-generators/off', 'system-shutdown/last'])
  chmodSync(host.at(`/usr/lib/systemd/${name}`), 0o755);

function briefs(pattern: RegExp): string[] {
  return briefOf([...listUnits(readerOf(host))]).filter((line) => pattern.test(line));
}

describe('a unit', () => {
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [
      / web\./,
      `service web.service ${usr}/web.service:2 enabled+running boot www $ /usr/sbin/web -D → /usr/sbin/web`,
      `service web.service ${etc}/web.service.d/evil.conf:2 enabled+running boot www $ /bin/sh /opt/hook.sh → /opt/hook.sh`,
      `service web.service ${etc}/web.service.d/more.conf enabled+running boot www`,
    ],
    [/ static\./, `service static.service ${usr}/static.service:3 static boot root $ /usr/bin/once → /usr/bin/once`],
    [
      / job\./,
      `service job.service ${usr}/job.service:2 static timer root $ /usr/bin/job --all → /usr/bin/job`,
      `timer job.timer ${usr}/job.timer enabled timer OnCalendar=daily OnBootSec=5min $ /usr/bin/job --all → /usr/bin/job`,
    ],
    [
      / hand\./,
      `service hand.service ${usr}/hand.service:2 disabled+running+stray event root $ /usr/bin/hand → /usr/bin/hand`,
    ],
    [/ down\./, `service down.service ${usr}/down.service:2 enabled+idle boot root $ /usr/bin/down → /usr/bin/down`],
    [/ deleted\./, `service deleted.service ${groups}/deleted.service not-found+running+stray event`],
    [/ empty\./],
    [
      / conn/,
      `socket conn.socket ${usr}/conn.socket static event ListenStream=42 $ /usr/bin/conn %i → /usr/bin/conn`,
      `service conn@.service ${usr}/conn@.service:2 static event root $ /usr/bin/conn %i → /usr/bin/conn`,
    ],
    [
      / getty@/,
      `service getty@.service ${usr}/getty@.service:2 indirect event root $ /sbin/agetty %I → /sbin/agetty`,
      `service getty@tty1.service ${usr}/getty@.service:2 enabled+idle boot root $ /sbin/agetty %I → /sbin/agetty`,
    ],
    [/ gone\./, `service gone.service ${etc}/gone.service masked event`],
    [/ broken\./, `service broken.service ${usr}/broken.service bad event`],
    [/ x\.mount/, 'mount x.mount /run/systemd/generator/x.mount generated event'],
    [/ default\.target/, `target default.target ${etc}/default.target alias boot`],
    [
      / (?:own|all)\./,
      'service all.service /usr/lib/systemd/user/all.service:2 disabled event $ /usr/bin/all → /usr/bin/all',
      'service all.service /usr/lib/systemd/user/all.service:2 enabled+idle boot eve $ /usr/bin/all → /usr/bin/all',
      'service own.service /home/eve/.config/systemd/user/own.service:2 enabled+running boot eve $ /home/eve/x → /home/eve/x',
    ],
    [/^login/, 'login eve /var/lib/systemd/linger/eve enabled boot eve'],
  ];
  for (const [pattern, ...lines] of cases)
    it(`${pattern} is listed with what starts it and what it runs`, () => assert.deepEqual(briefs(pattern), lines));

  it('is stale when it was changed since systemd read its units', () => {
    assert.deepEqual(briefs(/stale/), []);
    host.write(`${etc}/web.service.d/more.conf`, '[Service]\nNice=6\n');
    const future = Date.now() / 1000 + 3600;
    utimesSync(host.at(`${etc}/web.service.d/more.conf`), future, future);
    assert.equal(briefs(/stale/).length, 3);
  });
});

it('generators and hooks of systemd are listed, and those that cannot run', () =>
  assert.deepEqual(briefOf([...listGenerators(readerOf(host))]), [
    'generator gen /usr/lib/systemd/system-generators/gen enabled boot root → /usr/lib/systemd/system-generators/gen',
    'generator off /usr/lib/systemd/system-generators/off masked boot root → /usr/lib/systemd/system-generators/off',
    'generator mine /usr/lib/systemd/user-generators/mine disabled login → /usr/lib/systemd/user-generators/mine',
    'init last /usr/lib/systemd/system-shutdown/last enabled event root → /usr/lib/systemd/system-shutdown/last',
  ]));
