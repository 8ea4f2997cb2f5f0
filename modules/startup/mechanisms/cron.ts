/** Jobs of cron and anacron, in all places of their versions. @see cron(8), crond(8), anacron(8) */
import { basename, join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { StartupEntry } from '../entry.ts';
import { listNamedFiles, readEntries } from './config-files.ts';
import { type CronLine, type CronTable, parseCrontab } from './crontab.ts';
import { toShellCommand } from './find-program.ts';
import { listScripts, plainNames, runPartsNames } from './script-folders.ts';

const kind = 'cron';
const same = { kind, user: 'root' } as const;
/** Of Debian, of Red Hat and busybox, of SUSE. */
const spools = ['/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/tabs', '/etc/crontabs'];
const cronPath = '/usr/bin:/bin';
const busyboxPeriods = ['15min', 'hourly', 'daily', 'weekly', 'monthly'];
const cronPeriods = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'];

function toEntry(host: Host, path: string, owner: string | undefined, found: CronLine): StartupEntry {
  const place = { kind, name: basename(path), path, line: found.line, trigger: 'timer' } as const;
  if (found.kind === 'bad') return { ...place, states: ['bad'] };
  const { schedule, name, searchPath = cronPath } = found;
  const user = found.user ?? owner;
  return {
    ...place,
    ...(name === undefined ? {} : { name: toText(name) }),
    states: ['enabled'],
    trigger: schedule === '@reboot' ? 'boot' : 'timer',
    schedule,
    ...(user === undefined ? {} : { user }),
    ...toShellCommand(host, found.command, searchPath),
  };
}

function* listTable(host: Host, path: string, table: CronTable, owner?: string): Generator<StartupEntry> {
  const lines = readEntries(host, kind, path, (text) => parseCrontab(text, table));
  for (const line of lines) yield toEntry(host, path, owner, line);
}

/** Debian's cron and run-parts take fewer names than those of others. */
function namesOf(host: Host): RegExp {
  return host.status(kind, '/etc/debian_version').state === 'there' ? runPartsNames : plainNames;
}

/** Tables of accounts have their names. */
function* listSpools(host: Host): Generator<StartupEntry> {
  const known = new Set<string>();
  for (const { name, path } of spools.flatMap((folder) => listNamedFiles(host, kind, [folder], /^[^.#]/))) {
    const found = host.status(kind, path);
    if (found.state === 'there' && (found.status.kind !== 'file' || known.has(found.status.identity))) continue;
    if (found.state === 'there') known.add(found.status.identity);
    yield* listTable(host, path, 'user', Buffer.from(name).toString('latin1'));
  }
}

function* listFolders(host: Host, names: RegExp): Generator<StartupEntry> {
  const place = { ...same, trigger: 'timer', needs: 'executable' } as const;
  for (const schedule of cronPeriods)
    yield* listScripts(host, { ...place, schedule, names, folders: [`/etc/cron.${schedule}`] });
  for (const schedule of busyboxPeriods)
    yield* listScripts(host, { ...place, schedule, names: /^/, folders: [join('/etc/periodic', schedule)] });
}

export function* listCron(host: Host): Generator<StartupEntry> {
  const names = namesOf(host);
  yield* listTable(host, '/etc/crontab', 'system');
  for (const { path } of listNamedFiles(host, kind, ['/etc/cron.d'], names)) yield* listTable(host, path, 'system');
  yield* listTable(host, '/etc/anacrontab', 'anacron', 'root');
  yield* listSpools(host);
  yield* listFolders(host, names);
}
