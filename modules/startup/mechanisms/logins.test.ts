/** What starts at a login, on hosts made for it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { briefOf, entriesOf, program } from '../testing/entries.ts';
import { listAutostart } from './autostart.ts';
import { listPam } from './pam.ts';
import { listProfiles } from './profiles.ts';
import { listUdevRules } from './udev.ts';

const passwd =
  'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\ntwin:x:1001:1::/home/alice:/bin/sh\ndaemon:x:1:1::/:/x\n+@far::::::\n';

it('shells read files of all accounts, and of each', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listProfiles, {
        '/etc/passwd': passwd,
        '/etc/profile': '',
        '/etc/profile.d/x.sh': '',
        '/etc/profile.d/README': '',
        '/etc/profile.d/x.sh.dpkg-old': '',
        '/etc/X11/Xsession.d/20x11': '',
        '/etc/X11/Xsession.d/20x11.old': '',
        '/root/.bashrc': '',
        '/home/alice/.ssh/rc': '',
        '/home/alice/.ssh/config': '',
        '/home/alice/.config/fish/conf.d/x.fish': '',
        '/home/alice/.config/fish/config.fish': '',
        '/home/alice/.vimrc': '',
      }),
    ),
    [
      'login profile /etc/profile enabled login → /etc/profile',
      'login x.sh /etc/profile.d/x.sh enabled login → /etc/profile.d/x.sh',
      'login x.sh.dpkg-old /etc/profile.d/x.sh.dpkg-old disabled login → /etc/profile.d/x.sh.dpkg-old',
      'login 20x11 /etc/X11/Xsession.d/20x11 enabled login → /etc/X11/Xsession.d/20x11',
      'login 20x11.old /etc/X11/Xsession.d/20x11.old disabled login → /etc/X11/Xsession.d/20x11.old',
      'login .bashrc /root/.bashrc enabled login root → /root/.bashrc',
      'login rc /home/alice/.ssh/rc enabled login alice → /home/alice/.ssh/rc',
      'login config.fish /home/alice/.config/fish/config.fish enabled login alice → /home/alice/.config/fish/config.fish',
      'login x.fish /home/alice/.config/fish/conf.d/x.fish enabled login alice → /home/alice/.config/fish/conf.d/x.fish',
    ],
  ));

describe('a desktop', () => {
  const entry = (...lines: readonly string[]) =>
    `[Desktop Entry]\nType=Application\n${lines.join('\n')}\n[Other]\nExec=no\n`;
  it('starts what its entries name, unless they are off', () =>
    assert.deepEqual(
      briefOf(
        entriesOf(listAutostart, {
          '/etc/passwd': passwd,
          '/usr/bin/x': program(),
          '/etc/xdg/autostart/a.desktop': entry('Exec=env A=b x %U'),
          '/etc/xdg/autostart/b.desktop': entry('Exec=x', 'Hidden=true'),
          '/etc/xdg/autostart/c.desktop': entry('Exec=x', 'TryExec=absent'),
          '/etc/xdg/autostart/d.desktop': entry('Exec=x', 'TryExec=x', 'OnlyShowIn=GNOME;'),
          '/etc/xdg/autostart/e.desktop': entry('Exec=x', 'X-GNOME-Autostart-enabled=false'),
          '/etc/xdg/autostart/f.txt': entry('Exec=x'),
          '/etc/xdg/autostart/g.desktop': entry('Name=x'),
          '/home/alice/.config/autostart/h.desktop': entry('Exec="/tmp/a b/c" d'),
        }),
      ),
      [
        'login a.desktop /etc/xdg/autostart/a.desktop:3 enabled login $ env A=b x %U → /usr/bin/x',
        'login b.desktop /etc/xdg/autostart/b.desktop:3 disabled login $ x → /usr/bin/x',
        'login c.desktop /etc/xdg/autostart/c.desktop:3 disabled login $ x → /usr/bin/x',
        'login d.desktop /etc/xdg/autostart/d.desktop:3 enabled login OnlyShowIn=GNOME; $ x → /usr/bin/x',
        'login e.desktop /etc/xdg/autostart/e.desktop:3 disabled login $ x → /usr/bin/x',
        'login h.desktop /home/alice/.config/autostart/h.desktop:3 enabled login alice $ "/tmp/a b/c" d → /tmp/a b/c',
      ],
    ));
});

it('PAM loads modules of its folders, and runs commands', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listPam, {
        '/usr/lib/x86_64-linux-gnu/security/pam_unix.so': '',
        '/usr/lib64/security/pam_old.so': '',
        '/etc/pam.d/login':
          'auth required pam_unix.so\nauth optional pam_exec.so quiet /opt/x -y\n@include common\n-auth optional pam_absent.so\n',
        '/etc/pam.d/login.dpkg-dist': 'auth required pam_unix.so\n',
        '/usr/lib/pam.d/login': 'auth required pam_old.so\n',
        '/usr/lib/pam.d/cron': 'session required /opt/pam_x.so\n',
        '/etc/pam.conf': 'other auth required pam_unix.so\n',
      }),
    ),
    [
      'login login pam_unix.so /etc/pam.d/login:1 enabled login → /usr/lib/x86_64-linux-gnu/security/pam_unix.so',
      'login login pam_exec.so /etc/pam.d/login:2 enabled login $ /opt/x -y → /opt/x',
      'login login pam_absent.so /etc/pam.d/login:4 enabled login',
      'login cron pam_x.so /usr/lib/pam.d/cron:1 enabled login → /opt/pam_x.so',
      'login login pam_old.so /usr/lib/pam.d/login:1 masked login → /usr/lib64/security/pam_old.so',
      'login other pam_unix.so /etc/pam.conf:1 disabled login → /usr/lib/x86_64-linux-gnu/security/pam_unix.so',
    ],
  ));

it('udev starts programs by rules that no other hides', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listUdevRules, {
        '/lib': { link: 'usr/lib' },
        '/usr/lib/udev/ata_id': program(),
        '/usr/lib/udev/rules.d/60-a.rules': 'IMPORT{program}="ata_id --export $devnode"\n',
        '/usr/lib/udev/rules.d/70-b.rules': 'RUN+="/bin/b"\n',
        '/usr/lib/udev/rules.d/80-c.rules': 'RUN+="/bin/c"\n',
        '/etc/udev/rules.d/70-b.rules': { link: '/dev/null' },
        '/etc/udev/rules.d/80-c.rules': 'ENV{SYSTEMD_WANTS}="c.service"\n',
        '/etc/udev/rules.d/x.rules.old': 'RUN+="/bin/x"\n',
      }),
    ),
    [
      'device 80-c.rules ENV{SYSTEMD_WANTS} /etc/udev/rules.d/80-c.rules:1 enabled event $ c.service',
      'device 60-a.rules IMPORT{program} /usr/lib/udev/rules.d/60-a.rules:1 enabled event root $ ata_id --export $devnode → /usr/lib/udev/ata_id',
      'device 70-b.rules RUN /usr/lib/udev/rules.d/70-b.rules:1 masked event root $ /bin/b → /bin/b',
      'device 80-c.rules RUN /usr/lib/udev/rules.d/80-c.rules:1 masked event root $ /bin/c → /bin/c',
    ],
  ));
