/** What init(8) starts: scripts of SysV by their links, inittab, rc.local, and services of OpenRC. */
import { basename, join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { StartupEntry, State } from '../entry.ts';
import { listNamedFiles, readEntries } from './config-files.ts';
import { toShellCommand } from './find-program.ts';
import { parseInittab } from './inittab.ts';
import { listScripts } from './script-folders.ts';

const kind = 'init';
const scriptFolders = ['/etc/init.d', '/etc/rc.d/init.d'];
/** Of Debian, of Red Hat, of SUSE. */
const linkFolders = ['/etc', '/etc/rc.d', '/etc/init.d'];
const levels = ['S', '1', '2', '3', '4', '5'];
const unitFolders = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];
const openrcLevels = ['sysinit', 'boot', 'default', 'nonetwork'];

const toTarget = (path: string): string => Buffer.from(path).toString('latin1');

const isSystemd = (host: Host): boolean => (host.resolve('/sbin/init') ?? '').endsWith('/systemd');

/** A link that starts a script in some of the levels. */
interface Start {
  readonly levels: string[];
  /** Where it leads. */
  readonly path: string;
  /** The first of the links. */
  readonly link: string;
}

/** By the path of the script. Links that stop a script begin with `K`. */
function readStarts(host: Host): Map<string, Start> {
  const starts = new Map<string, Start>();
  for (const folder of linkFolders)
    for (const level of levels)
      for (const { path: link } of listNamedFiles(host, kind, [join(folder, `rc${level}.d`)], /^S\d\d./)) {
        const path = host.resolve(link) ?? link;
        const known = starts.get(path) ?? { levels: [], path, link };
        starts.set(path, known);
        if (!known.levels.includes(level)) known.levels.push(level);
      }
  return starts;
}

/** systemd takes a unit of the same name instead, and makes units of the others. */
function stateOf(host: Host, name: string, isStarted: boolean, hasSystemd: boolean): State {
  const isUnit = (folder: string): boolean => {
    const path = join(folder, `${name.replace(/\.sh$/, '')}.service`);
    return host.linkAt(path) !== undefined || host.status(kind, path).state === 'there';
  };
  if (hasSystemd && unitFolders.some(isUnit)) return 'masked';
  return isStarted ? 'enabled' : 'disabled';
}

function* listSysvScripts(host: Host): Generator<StartupEntry> {
  const starts = readStarts(host);
  const hasSystemd = isSystemd(host);
  const openrc = readRunlevels(host);
  for (const { name, path } of listNamedFiles(host, kind, scriptFolders, /^(?!README|functions|\.)/)) {
    const place = host.resolve(path) ?? path;
    const found = host.status(kind, place);
    if (found.state === 'there' && (found.status.kind !== 'file' || (found.status.mode & 0o111) === 0)) continue;
    const start = starts.get(place);
    starts.delete(place);
    const schedule = [...(start?.levels ?? []), ...(openrc.get(place) ?? [])];
    const state = stateOf(host, name, schedule.length > 0, hasSystemd);
    yield toScript(name, path, place, state, schedule);
  }
  // A script may be in the folder of the links itself, or anywhere else.
  for (const { levels: schedule, path, link } of starts.values())
    yield toScript(basename(link).slice(3), link, path, 'enabled', schedule);
}

function toScript(
  name: string,
  path: string,
  place: string,
  state: State,
  levelNames: readonly string[],
): StartupEntry {
  const schedule = levelNames.length === 0 ? {} : { schedule: levelNames.join(' ') };
  return { kind, name, path, states: [state], trigger: 'boot', user: 'root', target: toTarget(place), ...schedule };
}

/** Levels of OpenRC by the path of the script. */
function readRunlevels(host: Host): Map<string, string[]> {
  const byScript = new Map<string, string[]>();
  for (const level of openrcLevels)
    for (const { path } of listNamedFiles(host, kind, [join('/etc/runlevels', level)], /^[^.]/)) {
      const place = host.resolve(path) ?? path;
      byScript.set(place, [...(byScript.get(place) ?? []), level]);
    }
  return byScript;
}

function* listInittab(host: Host): Generator<StartupEntry> {
  const path = '/etc/inittab';
  const hasSystemd = isSystemd(host);
  for (const { line, id, levels: schedule, action, command, trigger } of readEntries(host, kind, path, parseInittab)) {
    const state: State = hasSystemd || action === 'off' ? 'disabled' : 'enabled';
    const common = { kind, name: toText(id), path, line, states: [state], user: 'root' } as const;
    yield { ...common, trigger, schedule: `${schedule}:${action}`, ...toShellCommand(host, command) };
  }
}

/** Links between them are followed: only one of them is told. */
const localScripts = ['/etc/rc.local', '/etc/rc.d/rc.local', '/etc/init.d/boot.local', '/etc/rc'];

function* listLocalScripts(host: Host): Generator<StartupEntry> {
  const known = new Set<string>();
  for (const path of localScripts) {
    const found = host.status('rc', path);
    const place = host.resolve(path) ?? path;
    if (found.state === 'absent' || known.has(place)) continue;
    known.add(place);
    const canRun = found.state !== 'there' || (found.status.kind === 'file' && (found.status.mode & 0o111) !== 0);
    const common = { kind: 'rc', trigger: 'boot', user: 'root', target: toTarget(place) } as const;
    yield { ...common, name: basename(path), path, states: [canRun ? 'enabled' : 'disabled'] };
  }
  yield* listScripts(host, {
    kind: 'rc',
    trigger: 'boot',
    user: 'root',
    needs: 'executable',
    names: /\.start$/,
    folders: ['/etc/local.d'],
  });
}

export function* listInit(host: Host): Generator<StartupEntry> {
  yield* listSysvScripts(host);
  yield* listInittab(host);
  yield* listLocalScripts(host);
}
