/** Folders of scripts that a program runs, whatever it is: for the network, packages, messages, power and others. */
import { join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry } from '../entry.ts';
import { listScripts, plainNames, runPartsNames, type ScriptFolders } from './script-folders.ts';

const both = (path: string): string[] => [`/etc/${path}`, `/usr/lib/${path}`];
const root = { trigger: 'event', user: 'root' } as const;
const network = { ...root, kind: 'network' } as const;
const packages = { ...root, kind: 'package' } as const;
const runParts = { names: runPartsNames, needs: 'executable' } as const;
const executable = { names: plainNames, needs: 'executable' } as const;
const read = { names: plainNames, needs: 'any' } as const;

/** @see networkd-dispatcher(8) */
const networkStates = ['routable', 'dormant', 'no-carrier', 'off', 'carrier', 'degraded', 'configuring', 'configured'];

const folders: readonly ScriptFolders[] = [
  // NetworkManager-dispatcher(8)
  ...['', '/pre-up.d', '/pre-down.d', '/no-wait.d'].map(
    (part): ScriptFolders => ({
      ...network,
      names: plainNames,
      needs: 'trusted',
      folders: both(`NetworkManager/dispatcher.d${part}`),
      ...(part === '' ? {} : { schedule: part.slice(1) }),
    }),
  ),
  ...networkStates.map(
    (state): ScriptFolders => ({
      ...network,
      names: plainNames,
      needs: 'trusted',
      folders: both(`networkd-dispatcher/${state}.d`),
      schedule: state,
    }),
  ),
  // interfaces(5)
  ...['pre-up', 'up', 'down', 'post-down'].map(
    (phase): ScriptFolders => ({ ...network, ...runParts, folders: [`/etc/network/if-${phase}.d`], schedule: phase }),
  ),
  // dhclient-script(8)
  ...['enter', 'exit'].map(
    (phase): ScriptFolders => ({
      ...network,
      names: runPartsNames,
      needs: 'any',
      folders: [`/etc/dhcp/dhclient-${phase}-hooks.d`],
      schedule: phase,
    }),
  ),
  { ...network, names: /\.sh$/, needs: 'executable', folders: ['/etc/dhcp/dhclient.d'] },
  {
    ...network,
    ...read,
    folders: ['/usr/lib/dhcpcd/dhcpcd-hooks', '/lib/dhcpcd/dhcpcd-hooks', '/usr/libexec/dhcpcd-hooks'],
  },
  { ...network, ...executable, folders: ['/etc/udhcpc', '/etc/udhcpc/post-bound', '/etc/udhcpc/pre-bound'] },
  // pppd(8)
  ...['ip-up', 'ip-down', 'ipv6-up', 'ipv6-down'].map(
    (phase): ScriptFolders => ({ ...network, ...runParts, folders: [`/etc/ppp/${phase}.d`], schedule: phase }),
  ),
  { ...network, ...runParts, folders: ['/etc/resolvconf/update.d'] },
  { ...network, ...runParts, folders: ['/etc/resolvconf/update-libc.d'] },
  // Hooks of packages of the kernel, and of others.
  ...['preinst.d', 'postinst.d', 'prerm.d', 'postrm.d', 'header_postinst.d', 'install.d'].map(
    (part): ScriptFolders => ({ ...packages, ...executable, folders: both(`kernel/${part}`), schedule: part }),
  ),
  { ...packages, ...runParts, folders: ['/etc/initramfs/post-update.d'] },
  { ...packages, ...runParts, folders: ['/etc/ca-certificates/update.d'] },
  { ...packages, ...executable, folders: ['/etc/grub.d'] },
  { ...packages, ...executable, folders: ['/etc/apk/commit_hooks.d', '/lib/apk/commit_hooks.d'] },
  // pam_motd(8), as Debian and its relatives have it.
  { kind: 'message', trigger: 'login', user: 'root', ...runParts, folders: ['/etc/update-motd.d'] },
  {
    kind: 'message',
    trigger: 'login',
    user: 'root',
    ...executable,
    folders: ['/etc/motd.d/scripts', '/usr/share/landscape/motd.d'],
  },
  // systemd-suspend.service(8), systemd-halt.service(8), pm-utils
  ...['sleep', 'shutdown'].map(
    (part): ScriptFolders => ({
      ...root,
      kind: 'service',
      ...executable,
      folders: [`/usr/lib/systemd/system-${part}`, `/lib/systemd/system-${part}`, `/etc/systemd/system-${part}`],
      schedule: part,
    }),
  ),
  { ...root, kind: 'device', ...executable, folders: [...both('pm-utils/sleep.d'), '/etc/pm/sleep.d'] },
  { ...root, kind: 'device', ...executable, folders: ['/etc/pm/power.d', '/usr/lib/pm-utils/power.d'] },
  { ...root, kind: 'device', ...runParts, folders: ['/etc/smartmontools/run.d'] },
  { ...root, kind: 'device', ...runParts, folders: ['/etc/smartmontools/smartd_warning.d'] },
  // cloud-init runs them at each start, and at the first.
  ...['per-boot', 'per-instance', 'per-once'].map(
    (part): ScriptFolders => ({
      kind: 'rc',
      trigger: 'boot',
      user: 'root',
      ...executable,
      folders: [join('/var/lib/cloud/scripts', part)],
      schedule: part,
    }),
  ),
];

/** Single scripts, which are run if they are there. */
const files: readonly (readonly [string, Pick<StartupEntry, 'kind' | 'trigger'>])[] = [
  ...['enter', 'exit'].flatMap((phase) =>
    [`/etc/dhclient-${phase}-hooks`, `/etc/dhcp/dhclient-${phase}-hooks`, `/etc/dhcpcd.${phase}-hook`].map(
      (path) => [path, network] as const,
    ),
  ),
  ...['ip-up', 'ip-down', 'ip-pre-up', 'ipv6-up', 'ipv6-down', 'auth-up', 'auth-down'].flatMap((name) =>
    [`/etc/ppp/${name}`, `/etc/ppp/${name}.local`].map((path) => [path, network] as const),
  ),
  ['/sbin/ifup-local', network],
  ['/sbin/ifdown-local', network],
  ['/etc/smartmontools/smartd_warning.sh', { kind: 'device', trigger: 'event' }],
];

export function* listWellKnownFolders(host: Host): Generator<StartupEntry> {
  for (const place of folders) yield* listScripts(host, place);
  for (const [path, { kind, trigger }] of files)
    if (host.status(kind, path).state !== 'absent') {
      const target = Buffer.from(path).toString('latin1');
      yield {
        kind,
        name: path.slice(path.lastIndexOf('/') + 1),
        path,
        states: ['enabled'],
        trigger,
        user: 'root',
        target,
      };
    }
}
