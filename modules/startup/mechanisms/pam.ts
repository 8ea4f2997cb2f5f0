/** Modules that PAM loads when somebody is authenticated or a session begins. @see pam.d(5) */
import { basename, join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import { toPath, toText } from '../../kit/files/latin1-text.ts';
import type { StartupEntry, State } from '../entry.ts';
import { listNamedFiles, readEntries, readListedEntries } from './config-files.ts';
import { parsePam, toPamCommand } from './pam-line.ts';
import { plainNames } from './script-folders.ts';

const kind = 'login';
const folders = ['/etc/pam.d', '/usr/local/etc/pam.d', '/usr/lib/pam.d', '/usr/share/pam.d', '/usr/etc/pam.d'];
const libraryFolders = ['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/usr/local/lib'];
/** `x86_64-linux-gnu` */
const architecture = /^[a-z0-9_]+-linux-[a-z0-9]+$/;

type PamLine = ReturnType<typeof parsePam> extends Generator<infer Line> ? Line : never;

class PamModules {
  readonly #host: Host;
  readonly #folders: readonly string[];
  readonly #known = new Map<string, string | undefined>();

  constructor(host: Host) {
    this.#host = host;
    this.#folders = libraryFolders.flatMap((folder) => {
      const architectures = host.list(kind, folder).filter((name) => architecture.test(name));
      return [folder, ...architectures.map((name) => join(folder, name))].map((place) => join(place, 'security'));
    });
  }

  /** Absolute; undefined when it is in none of the folders. */
  find(module: string): string | undefined {
    if (module.startsWith('/')) return module;
    const name = module.replace(/^\$ISA\//, '');
    if (this.#known.has(name)) return this.#known.get(name);
    const paths = this.#folders.map((folder) => `${folder}/${name}`);
    const found = paths.find((path) => this.#host.status(kind, toPath(path)).state === 'there');
    this.#known.set(name, found);
    return found;
  }
}

function toEntry(modules: PamModules, path: string, state: State, found: PamLine): StartupEntry {
  const { line, service, module, words } = found;
  const command = toPamCommand(module, words);
  const program = command?.split(' ', 1)[0];
  const target = program?.startsWith('/') === true ? program : modules.find(module);
  return {
    kind,
    name: `${service === undefined ? basename(path) : toText(service)} ${toText(basename(module))}`,
    path,
    line,
    states: [state],
    trigger: 'login',
    ...(command === undefined ? {} : { command }),
    ...(target === undefined ? {} : { target }),
  };
}

export function* listPam(host: Host): Generator<StartupEntry> {
  const modules = new PamModules(host);
  const files = listNamedFiles(host, kind, folders, plainNames);
  for (const { path, isMasked } of files)
    for (const found of readListedEntries(host, kind, path, (text) => parsePam(text)))
      yield toEntry(modules, path, isMasked ? 'masked' : 'enabled', found);
  // The folder replaces the file.
  const state = files.length > 0 ? 'disabled' : 'enabled';
  for (const found of readEntries(host, kind, '/etc/pam.conf', (text) => parsePam(text, true)))
    yield toEntry(modules, '/etc/pam.conf', state, found);
}
