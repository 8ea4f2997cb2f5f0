/** What udev starts when a device comes. @see udev(7) */
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry } from '../entry.ts';
import { listNamedFiles, readListedEntries } from './config-files.ts';
import { findProgram } from './find-program.ts';
import { programOf } from './shell-program.ts';
import { parseUdevRules } from './udev-rule.ts';

const kind = 'device';
const folders = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map((top) => `${top}/udev/rules.d`);
/** A name without a folder is one of these; no other is looked at. */
const programPath = '/usr/lib/udev:/lib/udev';

export function* listUdevRules(host: Host): Generator<StartupEntry> {
  for (const { name, path, isMasked } of listNamedFiles(host, kind, folders, /\.rules$/))
    for (const { line, key, command } of readListedEntries(host, kind, path, parseUdevRules)) {
      const isUnit = key.startsWith('ENV{');
      const program = isUnit ? undefined : programOf(command);
      const target = program === undefined ? undefined : findProgram(host, program, programPath);
      yield {
        kind,
        name: `${name} ${key}`,
        path,
        line,
        states: [isMasked ? 'masked' : 'enabled'],
        trigger: 'event',
        command,
        ...(isUnit ? {} : { user: 'root' }),
        ...(target === undefined ? {} : { target }),
      };
    }
}
