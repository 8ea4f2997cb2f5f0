/** Files of other programs that name commands for an event. */
import { join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { StartupEntry } from '../entry.ts';
import { listNamedFiles, readEntries, readListedEntries } from './config-files.ts';
import { toShellCommand } from './find-program.ts';
import * as lines from './hook-lines.ts';
import { plainNames } from './script-folders.ts';

interface HookFiles extends Pick<StartupEntry, 'kind' | 'trigger'> {
  readonly files?: readonly string[];
  /** The first one that has a name wins. */
  readonly folders?: readonly (readonly string[])[];
  readonly names?: RegExp;
  readonly parse: (text: string) => Iterable<lines.HookLine>;
  /** Keys stand in the files: protected ones are not read, whatever is asked. */
  readonly haveSecrets?: true;
}

const event = { trigger: 'event' } as const;
const tops = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];
const below = (name: string): string[] => tops.map((top) => `${top}/${name}`);
const configuration = /\.conf$/;

const places: readonly HookFiles[] = [
  {
    ...event,
    kind: 'network',
    files: ['/etc/network/interfaces'],
    folders: [['/etc/network/interfaces.d']],
    names: plainNames,
    parse: lines.parseInterfaces,
  },
  {
    ...event,
    kind: 'network',
    folders: [['/etc/openvpn'], ['/etc/openvpn/client'], ['/etc/openvpn/server']],
    names: configuration,
    parse: lines.parseOpenvpn,
  },
  {
    ...event,
    kind: 'network',
    folders: [['/etc/wireguard']],
    names: configuration,
    parse: lines.parseWireguard,
    haveSecrets: true,
  },
  { ...event, kind: 'device', folders: [['/etc/acpi/events']], names: plainNames, parse: lines.parseAcpiEvent },
  { ...event, kind: 'device', files: ['/etc/mdadm/mdadm.conf', '/etc/mdadm.conf'], parse: lines.parseMdadm },
  { ...event, kind: 'device', files: ['/etc/smartd.conf', '/etc/smartmontools/smartd.conf'], parse: lines.parseSmartd },
  {
    kind: 'cron',
    trigger: 'timer',
    files: ['/etc/logrotate.conf'],
    folders: [['/etc/logrotate.d']],
    names: plainNames,
    parse: lines.parseLogrotate,
  },
  { ...event, kind: 'kernel', folders: [below('binfmt.d')], names: configuration, parse: lines.parseBinfmt },
  {
    ...event,
    kind: 'kernel',
    files: ['/etc/sysctl.conf'],
    folders: [below('sysctl.d')],
    names: configuration,
    parse: lines.parseKernelPrograms,
  },
  { ...event, kind: 'login', files: ['/etc/sudo.conf'], parse: lines.parseSudoPlugins },
];

function toEntry(host: Host, path: string, place: HookFiles, found: lines.HookLine): StartupEntry {
  const { line, name, command } = found;
  const common = {
    kind: place.kind,
    name: toText(name),
    path,
    line,
    trigger: place.trigger,
    states: ['enabled'],
  } as const;
  return { ...common, user: 'root', ...toShellCommand(host, command) };
}

function* listPlace(host: Host, place: HookFiles): Generator<StartupEntry> {
  const { kind, files = [], folders = [], names = plainNames, parse, haveSecrets = false } = place;
  for (const path of files)
    for (const found of readEntries(host, kind, path, parse)) yield toEntry(host, path, place, found);
  for (const { path, isMasked } of folders.flatMap((group) => listNamedFiles(host, kind, group, names)))
    if (haveSecrets && !host.isOpen(path)) host.report(kind, path, 0, 'protected');
    else if (host.status(kind, path).state !== 'there' || isFile(host, kind, path))
      for (const found of readListedEntries(host, kind, path, parse))
        yield { ...toEntry(host, path, place, found), ...(isMasked ? { states: ['masked'] } : {}) };
}

function isFile(host: Host, kind: string, path: string): boolean {
  const found = host.status(kind, path);
  return found.state === 'there' && found.status.kind === 'file';
}

/** What the kernel was told since the boot. */
function* listRunning(host: Host): Generator<StartupEntry> {
  for (const name of ['core_pattern', 'modprobe']) {
    const path = join('/proc/sys/kernel', name);
    const file = host.readKernel(path);
    if (file.state !== 'read') continue;
    for (const { name: setting, command } of lines.parseKernelPrograms(`kernel.${name}=${file.text.trim()}`)) {
      const same = { kind: 'kernel', name: setting, path, states: ['enabled'], ...event, user: 'root' } as const;
      yield { ...same, ...toShellCommand(host, command) };
    }
  }
}

export function* listHookFiles(host: Host): Generator<StartupEntry> {
  for (const place of places) yield* listPlace(host, place);
  yield* listRunning(host);
}
