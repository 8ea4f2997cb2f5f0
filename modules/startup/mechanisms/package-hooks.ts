/** What package managers run beside the scripts of packages. */
import { basename, join } from 'node:path';
import { parseAptConf } from '../../kit/apt/apt-conf.ts';
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry, State } from '../entry.ts';
import { isAptCommand } from './apt-commands.ts';
import { listNamedFiles, readListedEntries } from './config-files.ts';
import { toShellCommand } from './find-program.ts';
import { KeyGroup, parseKeyFile } from './key-file.ts';
import { toLogicalLines } from './logical-lines.ts';
import { listScripts, plainNames } from './script-folders.ts';

const kind = 'package';
const same = { kind, trigger: 'event', user: 'root' } as const;
const on: readonly State[] = ['enabled'];

function* listApt(host: Host): Generator<StartupEntry> {
  // Other names are ignored.
  const files = listNamedFiles(host, kind, ['/etc/apt/apt.conf.d'], /^[\w-][\w.-]*$/).filter(
    ({ name }) => !name.includes('.') || name.endsWith('.conf'),
  );
  for (const path of [...files.map((file) => file.path), '/etc/apt/apt.conf'])
    for (const { kind: of, line, name, value } of readListedEntries(host, kind, path, parseAptConf)) {
      // A file elsewhere may name commands, too.
      if (of === 'include') host.report(kind, path, 0, 'unsupported');
      if ((of === 'set' || of === 'append') && isAptCommand(name) && value !== '')
        yield { ...same, name: `${basename(path)} ${name}`, path, line, states: on, ...toShellCommand(host, value) };
    }
}

/** @see dpkg(1) */
function* listDpkg(host: Host): Generator<StartupEntry> {
  const files = listNamedFiles(host, kind, ['/etc/dpkg/dpkg.cfg.d'], /^[A-Za-z0-9_-]+$/).map(({ path }) => path);
  for (const path of [...files, '/etc/dpkg/dpkg.cfg'])
    for (const { line, text } of readListedEntries(host, kind, path, toLogicalLines)) {
      const [, name, command = ''] = /^(?:--)?(pre-invoke|post-invoke|status-logger)(?:=|\s+)(.*)$/.exec(text) ?? [];
      if (name === undefined) continue;
      yield { ...same, name, path, line, states: on, ...toShellCommand(host, command.replaceAll(/^["']|["']$/g, '')) };
    }
}

/** `package:state:command`, and of newer versions `hook:package:direction:options:command`. */
const actionFolders = [
  { folder: '/etc/dnf/plugins/post-transaction-actions.d', names: /\.action$/, columns: 2 },
  { folder: '/etc/dnf/libdnf5-plugins/actions.d', names: /\.actions$/, columns: 4 },
];

function* listActions(host: Host): Generator<StartupEntry> {
  for (const { folder, names, columns } of actionFolders)
    for (const { name, path } of listNamedFiles(host, kind, [folder], names))
      for (const { line, text } of readListedEntries(host, kind, path, toLogicalLines)) {
        const parts = text.split(':');
        const command = parts.slice(columns).join(':').trim();
        if (command !== '') yield { ...same, name, path, line, states: on, ...toShellCommand(host, command) };
      }
}

/** Plugins are Python, each with a file that may switch it off. */
function* listPlugins(host: Host): Generator<StartupEntry> {
  const pythons = host.list(kind, '/usr/lib').filter((name) => /^python3\.\d+$/.test(name));
  const dnf = pythons.map((name) => join('/usr/lib', name, 'site-packages/dnf-plugins'));
  for (const folder of dnf) yield* listPluginFolder(host, folder, '/etc/dnf/plugins', 'enabled');
  yield* listPluginFolder(host, '/usr/lib/yum-plugins', '/etc/yum/pluginconf.d', 'disabled');
  yield* listScripts(host, {
    ...same,
    needs: 'executable',
    names: plainNames,
    folders: ['/usr/lib/zypp/plugins/commit'],
  });
  yield* listScripts(host, {
    ...same,
    needs: 'executable',
    names: plainNames,
    folders: ['/usr/lib/zypp/plugins/system'],
  });
}

function* listPluginFolder(
  host: Host,
  folder: string,
  settings: string,
  otherwise: 'enabled' | 'disabled',
): Generator<StartupEntry> {
  for (const { name, path } of listNamedFiles(host, kind, [folder], /^(?!__).*\.py$/)) {
    const file = join(settings, `${name.replace(/\.py$/, '')}.conf`);
    const enabled = new KeyGroup(readListedEntries(host, kind, file, parseKeyFile), 'main').value('enabled');
    const state = enabled === undefined ? otherwise : /^(?:1|true|yes|on)$/i.test(enabled) ? 'enabled' : 'disabled';
    yield { ...same, name, path, states: [state], target: Buffer.from(path).toString('latin1') };
  }
}

/** @see alpm-hooks(5) */
function* listPacman(host: Host): Generator<StartupEntry> {
  for (const { name, path, isMasked } of listNamedFiles(
    host,
    kind,
    ['/etc/pacman.d/hooks', '/usr/share/libalpm/hooks'],
    /\.hook$/,
  )) {
    const action = new KeyGroup(readListedEntries(host, kind, path, parseKeyFile), 'Action');
    const exec = action.line('Exec');
    if (exec === undefined) continue;
    const when = action.value('When');
    const schedule = when === undefined ? {} : { schedule: when };
    yield {
      ...same,
      name,
      path,
      line: exec.line,
      states: [isMasked ? 'masked' : 'enabled'],
      ...schedule,
      ...toShellCommand(host, exec.value),
    };
  }
}

export function* listPackageHooks(host: Host): Generator<StartupEntry> {
  yield* listApt(host);
  yield* listDpkg(host);
  yield* listActions(host);
  yield* listPlugins(host);
  yield* listPacman(host);
}
