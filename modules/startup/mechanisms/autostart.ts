/** Programs that a desktop starts at a login. @see Desktop Application Autostart Specification */
import { join } from 'node:path';
import type { NamedFile } from '../../kit/files/drop-ins.ts';
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry, State } from '../entry.ts';
import { Accounts } from './accounts.ts';
import { listNamedFiles, readListedEntries } from './config-files.ts';
import { toDesktopWords } from './desktop-words.ts';
import { findProgram } from './find-program.ts';
import { KeyGroup, parseKeyFile } from './key-file.ts';
import { programOf } from './shell-program.ts';

const kind = 'login';
const group = 'Desktop Entry';
const systemFolder = '/etc/xdg/autostart';

function stateOf(host: Host, entry: KeyGroup, isMasked: boolean): State {
  if (isMasked) return 'masked';
  const isOff = entry.value('Hidden') === 'true' || entry.value('X-GNOME-Autostart-enabled') === 'false';
  const needed = entry.value('TryExec');
  const lacks = needed !== undefined && needed !== '' && !isThere(host, needed);
  return isOff || lacks ? 'disabled' : 'enabled';
}

function isThere(host: Host, name: string): boolean {
  const path = findProgram(host, name);
  return path !== undefined && host.status(kind, Buffer.from(path, 'latin1').toString()).state !== 'absent';
}

function* listFile(host: Host, { name, path, isMasked }: NamedFile, user?: string): Generator<StartupEntry> {
  const entry = new KeyGroup(readListedEntries(host, kind, path, parseKeyFile), group);
  const exec = entry.line('Exec');
  if (exec === undefined) return;
  const program = programOf(toDesktopWords(exec.value));
  const target = program === undefined ? undefined : findProgram(host, program);
  const desktops = entry.value('OnlyShowIn');
  yield {
    kind,
    name,
    path,
    line: exec.line,
    states: [stateOf(host, entry, isMasked)],
    trigger: 'login',
    ...(desktops === undefined ? {} : { schedule: `OnlyShowIn=${desktops}` }),
    ...(user === undefined ? {} : { user }),
    command: exec.value,
    ...(target === undefined ? {} : { target }),
  };
}

export function* listAutostart(host: Host): Generator<StartupEntry> {
  for (const file of listNamedFiles(host, kind, [systemFolder], /\.desktop$/)) yield* listFile(host, file);
  for (const { home, name } of new Accounts(host).homes)
    for (const file of listNamedFiles(host, kind, [join(home, '.config/autostart')], /\.desktop$/))
      yield* listFile(host, file, name);
}
