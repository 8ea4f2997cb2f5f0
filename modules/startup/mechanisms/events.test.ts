/** What starts for an event, in every program, or at boot before anything else, on hosts made for it. */
import assert from 'node:assert/strict';
import { release } from 'node:os';
import { it } from 'node:test';
import { briefOf, entriesOf, program } from '../testing/entries.ts';
import { listBusServices } from './bus.ts';
import { listContainers } from './containers.ts';
import { listHookFiles } from './hook-files.ts';
import { listKernel } from './kernel.ts';
import { listLibraries } from './libraries.ts';
import { listPackageHooks } from './package-hooks.ts';
import { listWellKnownFolders } from './well-known-folders.ts';

it('libraries are preloaded, found in folders, and set in environments', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listLibraries, {
        '/etc/ld.so.preload': '/tmp/x.so\n$LIB/y.so\n',
        '/etc/ld.so.conf': 'include ld.so.conf.d/*.conf\n/last\n',
        '/etc/ld.so.conf.d/a.conf': '/opt/lib\ninclude /etc/ld.so.conf\n',
        '/etc/ld.so.conf.d/a.txt': '/no\n',
        '/etc/environment': 'LD_PRELOAD=z.so\n',
        '/usr/lib/z.so': '',
        '/usr/lib/environment.d/a.conf': 'LD_AUDIT=/b.so\n',
        '/etc/environment.d/a.conf': 'LD_LIBRARY_PATH=/c\n',
      }),
    ),
    [
      'library /tmp/x.so /etc/ld.so.preload:1 enabled every program → /tmp/x.so',
      'library $LIB/y.so /etc/ld.so.preload:2 enabled every program',
      'library /last /etc/ld.so.conf:2 enabled every program',
      'library /opt/lib /etc/ld.so.conf.d/a.conf:1 enabled every program',
      'library LD_PRELOAD z.so /etc/environment:1 enabled login → /usr/lib/z.so',
      'library LD_LIBRARY_PATH /c /etc/environment.d/a.conf:1 enabled login',
      'library LD_AUDIT /b.so /usr/lib/environment.d/a.conf:1 masked login → /b.so',
    ],
  ));

it('the kernel loads modules, starts commands, and has a first file system', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listKernel, {
        '/etc/modules': 'loop\n',
        [`/usr/lib/modules/${release()}/modules.builtin`]: 'kernel/drivers/block/loop.ko\n',
        [`/usr/lib/modules/${release()}/modules.dep`]: 'kernel/fs/fuse/fuse.ko.xz:\n',
        '/etc/modules-load.d/modules.conf': { link: '../modules' },
        '/usr/lib/modules-load.d/fuse.conf': 'fuse\n',
        '/etc/modules-load.d/fuse.conf': { link: '/dev/null' },
        '/etc/modprobe.d/x.conf': 'install x /opt/x A=b\nsoftdep y pre: z\n',
        '/usr/lib/modprobe.d/x.conf': 'install x /bin/true\n',
        '/etc/default/grub': 'GRUB_CMDLINE_LINUX="quiet init=/opt/init"\n',
        '/boot/loader/entries/a.conf': 'linux /v\noptions systemd.unit=x.target\n',
        '/etc/initramfs-tools/hooks/h': program(),
        '/etc/initramfs-tools/scripts/init-top/s': program(),
        '/usr/share/initramfs-tools/scripts/functions': 'x',
        '/usr/lib/dracut/modules.d/50x/module-setup.sh': program(),
      }),
    ),
    [
      'kernel loop /etc/modules:1 enabled boot',
      `kernel fuse /usr/lib/modules-load.d/fuse.conf:1 masked boot → /usr/lib/modules/${release()}/kernel/fs/fuse/fuse.ko.xz`,
      'kernel install x /etc/modprobe.d/x.conf:1 enabled event root $ /opt/x A=b → /opt/x',
      'kernel softdep y /etc/modprobe.d/x.conf:2 enabled event $ pre: z',
      'kernel install x /usr/lib/modprobe.d/x.conf:1 masked event root $ /bin/true',
      'kernel init /etc/default/grub:1 enabled boot root $ init=/opt/init → /opt/init',
      'kernel systemd.unit /boot/loader/entries/a.conf:2 enabled boot root $ systemd.unit=x.target',
      'kernel h /etc/initramfs-tools/hooks/h enabled event root → /etc/initramfs-tools/hooks/h',
      'kernel s /etc/initramfs-tools/scripts/init-top/s enabled boot init-top root → /etc/initramfs-tools/scripts/init-top/s',
      'kernel 50x /usr/lib/dracut/modules.d/50x/module-setup.sh enabled event root → /usr/lib/dracut/modules.d/50x/module-setup.sh',
    ],
  ));

it('package managers run commands, actions, plugins and hooks', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listPackageHooks, {
        '/etc/apt/apt.conf.d/99x': 'DPkg::Post-Invoke { "/opt/x"; };\nAPT::Periodic::Enable "1";\n',
        '/etc/apt/apt.conf.d/99x.bak': 'DPkg::Post-Invoke "/no";\n',
        '/etc/apt/apt.conf.d/99y.conf': 'DPkg::Pre-Invoke "[ -x /a ] && /a";\n',
        '/etc/dpkg/dpkg.cfg.d/x': 'post-invoke="/opt/y z"\nno-debsig\n',
        '/etc/dnf/plugins/post-transaction-actions.d/x.action': '*:any:/opt/z a:b\n',
        '/etc/dnf/libdnf5-plugins/actions.d/x.actions': 'post_transaction:::enabled=1:/opt/w a\n',
        '/usr/lib/python3.11/site-packages/dnf-plugins/p.py': '',
        '/usr/lib/python3.11/site-packages/dnf-plugins/__init__.py': '',
        '/etc/dnf/plugins/p.conf': '[main]\nenabled=0\n',
        '/usr/lib/yum-plugins/q.py': '',
        '/etc/yum/pluginconf.d/q.conf': '[main]\nenabled=1\n',
        '/usr/share/libalpm/hooks/a.hook': '[Trigger]\nTarget=x\n[Action]\nWhen=PostTransaction\nExec=/opt/v\n',
        '/usr/share/libalpm/hooks/b.hook': '[Action]\nExec=/opt/u\n',
        '/etc/pacman.d/hooks/b.hook': { link: '/dev/null' },
      }),
    ),
    [
      'package 99x DPkg::Post-Invoke /etc/apt/apt.conf.d/99x:1 enabled event root $ /opt/x → /opt/x',
      'package 99y.conf DPkg::Pre-Invoke /etc/apt/apt.conf.d/99y.conf:1 enabled event root $ [ -x /a ] && /a → /a',
      'package post-invoke /etc/dpkg/dpkg.cfg.d/x:1 enabled event root $ /opt/y z → /opt/y',
      'package x.action /etc/dnf/plugins/post-transaction-actions.d/x.action:1 enabled event root $ /opt/z a:b → /opt/z',
      'package x.actions /etc/dnf/libdnf5-plugins/actions.d/x.actions:1 enabled event root $ /opt/w a → /opt/w',
      'package p.py /usr/lib/python3.11/site-packages/dnf-plugins/p.py disabled event root → /usr/lib/python3.11/site-packages/dnf-plugins/p.py',
      'package q.py /usr/lib/yum-plugins/q.py enabled event root → /usr/lib/yum-plugins/q.py',
      'package a.hook /usr/share/libalpm/hooks/a.hook:5 enabled event PostTransaction root $ /opt/v → /opt/v',
      'package b.hook /usr/share/libalpm/hooks/b.hook:2 masked event root $ /opt/u → /opt/u',
    ],
  ));

it('a bus starts services, some of them by a unit', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listBusServices, {
        '/etc/passwd': 'alice:x:1000:1000::/home/alice:/bin/sh\n',
        '/usr/share/dbus-1/system-services/org.x.service': '[D-BUS Service]\nName=org.x\nExec=/opt/x --y=z\nUser=x\n',
        '/usr/share/dbus-1/system-services/org.y.service':
          '[D-BUS Service]\nName=org.y\nExec=/bin/false\nSystemdService=y.service\n',
        '/usr/share/dbus-1/services/org.z.service': '[D-BUS Service]\nName=org.z\nExec=/opt/z\n',
        '/home/alice/.local/share/dbus-1/services/org.w.service': '[D-BUS Service]\nName=org.w\nExec=/tmp/w\n',
      }),
    ),
    [
      'bus org.x /usr/share/dbus-1/system-services/org.x.service:3 enabled event x $ /opt/x --y=z → /opt/x',
      'bus org.y /usr/share/dbus-1/system-services/org.y.service:3 enabled event SystemdService=y.service root $ /bin/false',
      'bus org.z /usr/share/dbus-1/services/org.z.service:3 enabled event $ /opt/z → /opt/z',
      'bus org.w /home/alice/.local/share/dbus-1/services/org.w.service:3 enabled event alice $ /tmp/w → /tmp/w',
    ],
  ));

const isRoot = process.getuid?.() === 0;

it('programs run the scripts of their folders, of names and rights that each takes', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listWellKnownFolders, {
        '/usr/lib/NetworkManager/dispatcher.d/10-x': program(),
        '/usr/lib/NetworkManager/dispatcher.d/20-y': program(),
        '/etc/NetworkManager/dispatcher.d/20-y': program(),
        '/etc/NetworkManager/dispatcher.d/30-z': { mode: 0o777, content: '' },
        '/etc/NetworkManager/dispatcher.d/40-w~': program(),
        '/etc/network/if-up.d/a': program(),
        '/etc/network/if-up.d/a.sh': program(),
        '/etc/dhcp/dhclient-exit-hooks.d/d': 'text',
        '/etc/ppp/ip-up.local': program(),
        '/etc/update-motd.d/10-m': program(),
        '/etc/update-motd.d/20-n': 'text',
        '/etc/grub.d/README': 'text',
        '/etc/grub.d/40_custom': program(),
        '/var/lib/cloud/scripts/per-boot/c.sh': program(),
      }),
    ),
    [
      `network 20-y /etc/NetworkManager/dispatcher.d/20-y ${isRoot ? 'enabled' : 'disabled'} event root → /etc/NetworkManager/dispatcher.d/20-y`,
      'network 30-z /etc/NetworkManager/dispatcher.d/30-z disabled event root → /etc/NetworkManager/dispatcher.d/30-z',
      'network 40-w~ /etc/NetworkManager/dispatcher.d/40-w~ disabled event root → /etc/NetworkManager/dispatcher.d/40-w~',
      `network 10-x /usr/lib/NetworkManager/dispatcher.d/10-x ${isRoot ? 'enabled' : 'disabled'} event root → /usr/lib/NetworkManager/dispatcher.d/10-x`,
      'network 20-y /usr/lib/NetworkManager/dispatcher.d/20-y masked event root → /usr/lib/NetworkManager/dispatcher.d/20-y',
      'network a /etc/network/if-up.d/a enabled event up root → /etc/network/if-up.d/a',
      'network a.sh /etc/network/if-up.d/a.sh disabled event up root → /etc/network/if-up.d/a.sh',
      'network d /etc/dhcp/dhclient-exit-hooks.d/d enabled event exit root → /etc/dhcp/dhclient-exit-hooks.d/d',
      'package 40_custom /etc/grub.d/40_custom enabled event root → /etc/grub.d/40_custom',
      'message 10-m /etc/update-motd.d/10-m enabled login root → /etc/update-motd.d/10-m',
      'message 20-n /etc/update-motd.d/20-n disabled login root → /etc/update-motd.d/20-n',
      'rc c.sh /var/lib/cloud/scripts/per-boot/c.sh enabled boot per-boot root → /var/lib/cloud/scripts/per-boot/c.sh',
      'network ip-up.local /etc/ppp/ip-up.local enabled event root → /etc/ppp/ip-up.local',
    ],
  ));

it('files of other programs name commands', () =>
  assert.deepEqual(
    briefOf(
      entriesOf(listHookFiles, {
        '/etc/network/interfaces': 'iface eth0 inet dhcp\n up /opt/x\n',
        '/etc/logrotate.d/y': '/y {\n postrotate\n /opt/y\n endscript\n}\n',
        '/etc/logrotate.d/y.dpkg-old': 'postrotate\n/no\nendscript\n',
        '/etc/sysctl.d/z.conf': 'kernel.core_pattern=|/opt/z\n',
        '/usr/lib/sysctl.d/z.conf': 'kernel.core_pattern=|/opt/w\n',
      }),
    ),
    [
      'network eth0 up /etc/network/interfaces:2 enabled event root $ /opt/x → /opt/x',
      'cron postrotate /etc/logrotate.d/y:2 enabled timer root $ /opt/y → /opt/y',
      'kernel kernel.core_pattern /etc/sysctl.d/z.conf:1 enabled event root $ /opt/z → /opt/z',
      'kernel kernel.core_pattern /usr/lib/sysctl.d/z.conf:1 masked event root $ /opt/w → /opt/w',
    ],
  ));

it('Docker starts containers again by their policy', () => {
  const [one, two] = ['1', '2'].map((digit) => digit.repeat(64));
  const container = JSON.stringify({ Name: '/web', Path: '/bin/x', Args: ['-y'], Config: { Env: ['A=b'] } });
  const folder = '/var/lib/docker/containers';
  assert.deepEqual(
    briefOf(
      entriesOf(listContainers, {
        [`${folder}/${one}/config.v2.json`]: container,
        [`${folder}/${one}/hostconfig.json`]: '{"RestartPolicy":{"Name":"always"}}',
        [`${folder}/${two}/config.v2.json`]: container,
        [`${folder}/${two}/hostconfig.json`]: '{"RestartPolicy":{"Name":"no"}}',
        [`${folder}/${'3'.repeat(64)}/config.v2.json`]: 'no JSON',
      }),
    ),
    [
      `container web ${folder}/${one}/config.v2.json enabled boot always $ /bin/x -y`,
      `container web ${folder}/${two}/config.v2.json disabled boot no $ /bin/x -y`,
    ],
  );
});
