/** Libraries that the dynamic linker loads into programs. @see ld.so(8), ldconfig(8), pam_env(8) */
import { basename, dirname, join } from 'node:path';
import { toGlobPattern } from '../../kit/files/glob-pattern.ts';
import type { Host } from '../../kit/files/host.ts';
import { toPath, toText } from '../../kit/files/latin1-text.ts';
import type { StartupEntry } from '../entry.ts';
import { listNamedFiles, readEntries, readListedEntries } from './config-files.ts';
import { type LinkerLine, parseLibraryVariables, parseLinkerFolders, parsePreload } from './linker-lines.ts';

const kind = 'library';
const same = { kind, states: ['enabled'] } as const;
const mostDepth = 8;
const mostFiles = 1000;

/** A library is found by its name in these, too. */
const libraryFolders = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/usr/local/lib'];

function toLibrary(host: Host, name: string): string | undefined {
  // `$LIB` is another folder for each program.
  if (name.includes('$')) return undefined;
  if (name.startsWith('/')) return name;
  if (name.includes('/')) return undefined;
  const paths = libraryFolders.map((folder) => `${folder}/${name}`);
  return paths.find((path) => host.status(kind, toPath(path)).state === 'there');
}

function toEntry(host: Host, path: string, found: LinkerLine, trigger: 'every program' | 'login'): StartupEntry {
  const target = found.variable === 'LD_LIBRARY_PATH' ? undefined : toLibrary(host, found.value);
  const name = found.variable === undefined ? found.value : `${found.variable} ${found.value}`;
  return { ...same, name: toText(name), path, line: found.line, trigger, ...(target === undefined ? {} : { target }) };
}

function* listPreload(host: Host): Generator<StartupEntry> {
  const path = '/etc/ld.so.preload';
  for (const found of readEntries(host, kind, path, parsePreload)) yield toEntry(host, path, found, 'every program');
}

/** Files that an `include` names: only in one folder, as everybody writes it. */
function listIncluded(host: Host, from: string, glob: string): string[] {
  const path = glob.startsWith('/') ? glob : join(dirname(from), glob);
  const pattern = toGlobPattern(basename(path));
  return listNamedFiles(host, kind, [dirname(path)], pattern).flatMap((file) =>
    file.name.startsWith('.') ? [] : [file.path],
  );
}

/** Folders in which programs find their libraries. */
function* listLinkerFolders(host: Host): Generator<StartupEntry> {
  const known = new Set<string>();
  const waiting = [{ path: '/etc/ld.so.conf', depth: 0 }];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const { path, depth } = file;
    if (known.has(path)) continue;
    known.add(path);
    for (const { line, value, isInclude } of readEntries(host, kind, path, parseLinkerFolders)) {
      if (!isInclude) yield { ...same, name: toText(value), path, line, trigger: 'every program' };
      else if (depth < mostDepth && known.size + waiting.length < mostFiles)
        waiting.push(
          ...listIncluded(host, path, toPath(value))
            .reverse()
            .map((one) => ({ path: one, depth: depth + 1 })),
        );
      else host.report(kind, path, 0, 'size-limit');
    }
  }
}

/** Of Alpine. */
function* listMuslFolders(host: Host): Generator<StartupEntry> {
  for (const name of host.list(kind, '/etc').filter((one) => /^ld-musl-[\w-]+\.path$/.test(one))) {
    const path = join('/etc', name);
    for (const { line, value } of readEntries(host, kind, path, parseLinkerFolders))
      yield { ...same, name: toText(value), path, line, trigger: 'every program' };
  }
}

/** Files of the environment that programs get at a login. */
const environmentFiles = ['/etc/environment', '/etc/security/pam_env.conf', '/etc/default/locale'];
const environmentFolders = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map((top) => `${top}/environment.d`);

function* listEnvironment(host: Host): Generator<StartupEntry> {
  for (const path of environmentFiles)
    for (const found of readEntries(host, kind, path, parseLibraryVariables)) yield toEntry(host, path, found, 'login');
  for (const { path, isMasked } of listNamedFiles(host, kind, environmentFolders, /\.conf$/))
    for (const found of readListedEntries(host, kind, path, parseLibraryVariables))
      yield { ...toEntry(host, path, found, 'login'), states: [isMasked ? 'masked' : 'enabled'] };
}

export function* listLibraries(host: Host): Generator<StartupEntry> {
  yield* listPreload(host);
  yield* listLinkerFolders(host);
  yield* listMuslFolders(host);
  yield* listEnvironment(host);
}
