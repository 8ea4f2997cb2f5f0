/** Services that a message bus starts when a program asks for their name. @see dbus-daemon(1) */
import { join } from 'node:path';
import type { NamedFile } from '../../kit/files/drop-ins.ts';
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { StartupEntry } from '../entry.ts';
import { Accounts } from './accounts.ts';
import { listNamedFiles, readListedEntries } from './config-files.ts';
import { findProgram } from './find-program.ts';
import { KeyGroup, parseKeyFile } from './key-file.ts';
import { programOf } from './shell-program.ts';

const kind = 'bus';
const tops = [
  '/run/dbus-1',
  '/etc/dbus-1',
  '/usr/local/share/dbus-1',
  '/usr/share/dbus-1',
  '/usr/lib/dbus-1',
  '/lib/dbus-1',
];

function* listFile(host: Host, { name: file, path, isMasked }: NamedFile, otherwise?: string): Generator<StartupEntry> {
  const service = new KeyGroup(readListedEntries(host, kind, path, parseKeyFile), 'D-BUS Service');
  const exec = service.line('Exec');
  const unit = service.value('SystemdService');
  if (exec === undefined && unit === undefined) return;
  const name = service.value('Name');
  const user = service.value('User') ?? otherwise;
  // The command is not run where the unit is started instead.
  const program = exec === undefined || unit !== undefined ? undefined : programOf(exec.value);
  const target = program === undefined ? undefined : findProgram(host, program);
  const line = exec?.line ?? service.line('SystemdService')?.line;
  yield {
    kind,
    name: name === undefined ? file : toText(name),
    path,
    ...(line === undefined ? {} : { line }),
    states: [isMasked ? 'masked' : 'enabled'],
    trigger: 'event',
    ...(unit === undefined ? {} : { schedule: `SystemdService=${unit}` }),
    ...(user === undefined ? {} : { user }),
    ...(exec === undefined ? {} : { command: exec.value }),
    ...(target === undefined ? {} : { target }),
  };
}

export function* listBusServices(host: Host): Generator<StartupEntry> {
  for (const [part, user] of [
    ['system-services', 'root'],
    ['services', undefined],
  ] as const)
    for (const file of listNamedFiles(
      host,
      kind,
      tops.map((top) => `${top}/${part}`),
      /\.service$/,
    ))
      yield* listFile(host, file, user);
  for (const { home, name } of new Accounts(host).homes)
    for (const file of listNamedFiles(host, kind, [join(home, '.local/share/dbus-1/services')], /\.service$/))
      yield* listFile(host, file, name);
}
