/**
 * `npm run test:images`: what starts on plain Debian systems is of packages or of scripts that are known, and a file
 * planted for each mechanism is named, and nothing else. It takes minutes, and needs root and debootstrap, so it is not
 * part of `npm test`.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { askerOfHost } from '../modules/startup/testing/host.ts';
import { provideRoot, whyNoRoots } from './debian-root.ts';

const reason = whyNoRoots();
if (reason !== null) process.stderr.write(`SKIPPED: ${reason}; what starts on Debian was NOT compared\n`);

/** With what a server and a desktop have. */
const packages = [
  ...['systemd-sysv', 'dbus', 'udev', 'cron', 'at', 'anacron', 'openssh-server', 'logrotate', 'network-manager'],
  ...['isc-dhcp-client', 'ifupdown', 'initramfs-tools', 'grub-pc', 'sudo', 'libpam-systemd', 'docker.io'],
  'unattended-upgrades',
];

interface Planted {
  readonly path: string;
  readonly content?: string;
  readonly mode?: number;
  readonly link?: string;
}

const script = { content: '#!/bin/sh\n', mode: 0o755 };
const unit = '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n';
const container = '0123456789abcdef'.repeat(4);
const jobPreamble = '#!/bin/sh\n# atrun uid=0 gid=0\numask 22\ncd / || {\n\t exit 1\n}\n';

/** What is planted for a mechanism that intruders use, and the entries that must be named for it. */
const mechanisms: Readonly<Record<string, readonly [planted: readonly Planted[], ...entries: readonly string[]]>> = {
  at: [[{ path: '/var/spool/cron/atjobs/a0000101c46d3c', content: `${jobPreamble}/bin/true\n`, mode: 0o700 }], 'at 1'],
  cron: [
    [
      { path: '/etc/cron.d/planted-table', content: '* * * * * root env A=b true\n' },
      { path: '/etc/cron.daily/planted-daily', ...script },
      { path: '/var/spool/cron/crontabs/root', content: '@reboot true\n', mode: 0o600 },
    ],
    'cron planted-table',
    'cron planted-daily',
    'cron root',
  ],
  dbus: [
    [
      {
        path: '/usr/share/dbus-1/system-services/org.planted.service',
        content: '[D-BUS Service]\nName=org.planted\nExec=/bin/true\nUser=root\n',
      },
    ],
    'bus org.planted',
  ],
  generator: [
    [{ path: '/usr/lib/systemd/system-generators/planted-generator', ...script }],
    'generator planted-generator',
  ],
  grub: [
    [
      { path: '/etc/grub.d/42_planted', ...script },
      { path: '/etc/default/grub.d/planted.cfg', content: 'GRUB_CMDLINE_LINUX="init=/bin/true"\n' },
    ],
    'package 42_planted',
    'kernel init',
  ],
  initd: [
    [
      { path: '/etc/init.d/planted-init', ...script },
      { path: '/etc/rc2.d/S01planted-init', link: '../init.d/planted-init' },
    ],
    'init planted-init',
  ],
  initramfs: [[{ path: '/etc/initramfs-tools/hooks/planted-hook', ...script }], 'kernel planted-hook'],
  ld_preload: [[{ path: '/etc/ld.so.preload', content: '/opt/planted.so\n' }], 'library /opt/planted.so'],
  library: [
    [{ path: '/etc/ld.so.conf.d/planted.conf', content: '/opt/planted-libraries\n' }],
    'library /opt/planted-libraries',
  ],
  lkm: [
    [
      { path: '/etc/modules-load.d/planted.conf', content: 'planted_module\n' },
      { path: '/etc/modprobe.d/planted.conf', content: 'install planted_install /bin/true\n' },
    ],
    'kernel planted_module',
    'kernel install planted_install',
  ],
  motd: [[{ path: '/etc/update-motd.d/99-planted', ...script }], 'message 99-planted'],
  network_manager: [
    [{ path: '/etc/NetworkManager/dispatcher.d/planted-dispatcher', ...script }],
    'network planted-dispatcher',
  ],
  network: [
    [
      { path: '/etc/network/if-up.d/planted-up', ...script },
      { path: '/etc/network/interfaces.d/planted', content: 'iface lo inet loopback\n up /bin/true\n' },
      { path: '/etc/dhcp/dhclient-exit-hooks.d/planted-lease', ...script },
    ],
    'network planted-up',
    'network lo up',
    'network planted-lease',
  ],
  package_manager: [
    [
      { path: '/etc/apt/apt.conf.d/99planted', content: 'DPkg::Post-Invoke {"/bin/true";};\n' },
      { path: '/etc/dpkg/dpkg.cfg.d/planted', content: 'post-invoke=/bin/true\n' },
      { path: '/etc/dnf/plugins/post-transaction-actions.d/planted.action', content: '*:any:/bin/true\n' },
    ],
    'package 99planted DPkg::Post-Invoke',
    'package post-invoke',
    'package planted.action',
  ],
  pam: [
    [
      { path: '/etc/pam.d/planted', content: 'auth optional pam_exec.so seteuid /opt/planted\n' },
      { path: '/usr/lib/x86_64-linux-gnu/security/pam_planted.so', content: 'x' },
      { path: '/usr/lib/pam.d/planted-too', content: 'auth optional pam_planted.so\n' },
    ],
    'login planted pam_exec.so',
    'login planted-too pam_planted.so',
  ],
  rc_local: [[{ path: '/etc/rc.local', ...script }], 'rc rc.local'],
  shell_profile: [
    [
      { path: '/etc/profile.d/planted.sh', content: 'true\n' },
      { path: '/root/.bash_login', content: 'true\n' },
      { path: '/root/.ssh/rc', content: 'true\n' },
      { path: '/root/.config/fish/config.fish', content: 'true\n' },
      { path: '/etc/zsh/zshenv', content: 'true\n' },
    ],
    'login planted.sh',
    'login .bash_login',
    'login rc',
    'login config.fish',
    'login zshenv',
  ],
  systemd: [
    [
      { path: '/etc/systemd/system/planted.service', content: unit },
      { path: '/etc/systemd/system/planted.timer', content: '[Timer]\nOnBootSec=1\n' },
    ],
    'service planted.service',
    'timer planted.timer',
  ],
  udev: [
    [{ path: '/etc/udev/rules.d/99-planted.rules', content: 'ACTION=="add", RUN+="/bin/true"\n' }],
    'device 99-planted.rules RUN',
  ],
  xdg: [
    [{ path: '/etc/xdg/autostart/planted.desktop', content: '[Desktop Entry]\nExec=env A=b true\n' }],
    'login planted.desktop',
  ],
  docker: [
    [
      { path: `/var/lib/docker/containers/${container}/config.v2.json`, content: '{"Name":"/planted","Path":"true"}' },
      {
        path: `/var/lib/docker/containers/${container}/hostconfig.json`,
        content: '{"RestartPolicy":{"Name":"always"}}',
      },
    ],
    'container planted',
  ],
  logrotate: [
    [{ path: '/etc/logrotate.d/planted', content: '/x {\n postrotate\n true\n endscript\n}\n' }],
    'cron postrotate',
  ],
  cloud: [[{ path: '/var/lib/cloud/scripts/per-boot/planted-boot', ...script }], 'rc planted-boot'],
  core: [
    [{ path: '/etc/sysctl.d/planted.conf', content: 'kernel.core_pattern=|/bin/true\n' }],
    'kernel kernel.core_pattern',
  ],
};

/** A unit of systemd starts the script that was planted. */
const ofUnits = ['service rc-local.service'];

function plant(root: string, { path, content = '', mode = 0o644, link }: Planted): void {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  // The copy shares its files with the system: no file that is there may be written.
  rmSync(full, { force: true });
  if (link !== undefined) symlinkSync(link, full);
  else {
    writeFileSync(full, content, { flag: 'wx' });
    chmodSync(full, mode);
  }
}

async function listForeign(root: string) {
  const { hits, receipt } = await askerOfHost({ root }).ask({ owneds: ['none'], options: { matchlimit: 0 } });
  assert.deepEqual(receipt.skipped, []);
  return hits;
}

for (const chosen of [[], packages])
  describe(`Debian with ${chosen.length === 0 ? 'nothing more' : chosen.join(', ')}`, { skip: reason !== null }, () => {
    const copies: string[] = [];
    after(() => copies.map((copy) => rmSync(copy, { recursive: true, force: true })));

    test('starts nothing that is neither of a package nor of a known script', async (context) => {
      const root = provideRoot('bookworm', chosen);
      if (root === null) return context.skip('no mirror');
      const unknown = (await listForeign(root)).filter(({ script: known }) => known === undefined);
      assert.deepEqual(
        unknown.map(({ kind, name, path }) => [kind, name, path]),
        [],
      );
    });

    test('tells what was planted for each mechanism, and nothing else', async (context) => {
      const root = provideRoot('bookworm', chosen);
      if (root === null) return context.skip('no mirror');
      const folder = mkdtempSync(join(dirname(root), 'planted-'));
      copies.push(folder);
      const copy = join(folder, 'root');
      execFileSync('cp', ['-al', root, copy]);
      for (const [planted] of Object.values(mechanisms)) for (const file of planted) plant(copy, file);
      const told = (await listForeign(copy)).filter(({ script: known }) => known === undefined);
      assert.deepEqual(
        told.map(({ kind, name }) => `${kind} ${name}`).sort(),
        [
          ...Object.values(mechanisms).flatMap(([, ...entries]) => entries),
          ...(chosen === packages ? ofUnits : []),
        ].sort(),
      );
    });
  });
