/** SELinux: its mode and its booleans. @see selinux_config(5), booleans(8) */
import type { Host } from '../../../kit/files/host.ts';
import type { FoundValue, SettingValue } from '../../key-space.ts';
import type { CommandLines } from '../cmdline/cmdline.ts';
import { setTo, unreadable, unset } from '../found.ts';
import { readKernelValue } from '../kernel-value.ts';

const folder = '/sys/fs/selinux';
const configuration = '/etc/selinux/config';
const modes = ['enforcing', 'permissive', 'disabled'];

/** A variable of /etc/selinux/config, in lower case; the last line counts. */
function readConfig(host: Host, name: string): FoundValue {
  const table = host.readTable('selinux', configuration, ({ text, number }) => {
    const [, key, value] = /^(\w+)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
    return key === name && value !== undefined ? { value: value.toLowerCase(), line: number } : null;
  });
  if (table.state === 'unknown') return unreadable(table.reason);
  const found = table.state === 'read' ? table.entries.at(-1) : undefined;
  return found === undefined ? unset : setTo(found.value, { path: host.at(configuration), line: found.line });
}

function readModeNow(host: Host): FoundValue {
  const enforce = readKernelValue(
    host,
    `${folder}/enforce`,
    (text) => ({ '1': 'enforcing', '0': 'permissive' })[text.trim()],
  );
  if (enforce.state !== 'unset') return enforce;
  const systems = host.readKernel('/proc/filesystems');
  if (systems.state !== 'read') return unreadable(systems.state === 'unknown' ? systems.reason : 'unsupported');
  // Its file system may be hidden where this is asked.
  return /\tselinuxfs$/m.test(systems.text) ? unreadable('unsupported') : setTo('disabled');
}

function readModeAtBoot(host: Host, lines: CommandLines): FoundValue {
  const [selinux, enforcing] = [lines.findBoot('selinux'), lines.findBoot('enforcing')];
  if (selinux.state === 'set' && selinux.value.includes('0')) return { ...selinux, value: 'disabled' };
  const config = readConfig(host, 'SELINUX');
  if (config.state === 'set' && config.value === 'disabled') return config;
  if (enforcing.state === 'set' && enforcing.value.includes('0')) return { ...enforcing, value: 'permissive' };
  if (config.state === 'set' && !modes.includes(String(config.value))) return unreadable('undecided');
  return config;
}

export function readSelinuxMode(host: Host, lines: CommandLines): SettingValue {
  return { now: readModeNow(host), boot: readModeAtBoot(host, lines) };
}

export function readSelinuxType(host: Host): FoundValue {
  return readConfig(host, 'SELINUXTYPE');
}

/** A boolean now, and as it is kept for the next start; unknown where the policy's default decides. */
export function readSelinuxBoolean(host: Host, name: string): SettingValue {
  const toWord = (text: string): string | undefined => ({ '1': 'on', '0': 'off' })[text.trim().slice(0, 1)];
  const now = readKernelValue(host, `${folder}/booleans/${name}`, toWord);
  const type = readSelinuxType(host);
  if (type.state !== 'set' || typeof type.value !== 'string' || !/^[\w-]+$/.test(type.value))
    return { now, boot: unreadable('undecided') };
  const path = `/var/lib/selinux/${type.value}/active/booleans.local`;
  const table = host.readTable('selinux', path, ({ text, number }) => {
    const [, key, value] = /^(\w+)\s*=\s*([01]|true|false|on|off)\s*$/.exec(text) ?? [];
    return key === name && value !== undefined ? { value, line: number } : null;
  });
  if (table.state === 'unknown') return { now, boot: unreadable(table.reason) };
  const kept = table.state === 'read' ? table.entries.at(-1) : undefined;
  if (kept === undefined) return { now, boot: unreadable('undecided') };
  const isOn = ['1', 'true', 'on'].includes(kept.value);
  return { now, boot: setTo(isOn ? 'on' : 'off', { path: host.at(path), line: kept.line }) };
}

export function listSelinuxBooleans(host: Host): readonly string[] {
  return host.listFolder('selinux', `${folder}/booleans`).names;
}
