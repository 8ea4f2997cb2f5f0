/** `module:`: modules of the kernel: loaded, allowed to be loaded, on disk. */

import { listDropIns } from '../../../kit/files/drop-ins.ts';
import type { Host } from '../../../kit/files/host.ts';
import { readModuleFiles, toModuleName } from '../../../kit/kernel/module-files.ts';
import type { FoundValue, KeySpace, Place, SettingReader, SettingValue } from '../../key-space.ts';
import { CommandLines } from '../cmdline/cmdline.ts';
import { always, known, type Reading, setTo, unknown, unreadable, unset } from '../found.ts';
import { ModprobeRules } from './modprobe.ts';

const facets = ['loaded', 'loadable', 'file'] as const;
type Facet = (typeof facets)[number];
const table = '/proc/modules';
/** Loads nothing, and says so or not. */
const nothing = /^(?:\/usr)?\/bin\/(?:true|false)(?:\s|$)|^(?:true|false|:)(?:\s|$)/;
const loadFolders = [
  '/etc/modules-load.d',
  '/run/modules-load.d',
  '/usr/local/lib/modules-load.d',
  '/usr/lib/modules-load.d',
];

function parseKey(key: string): { readonly name: string; readonly facet: Facet } {
  const [, name = key, word] = /^([^#]*)#(.*)$/.exec(key) ?? [];
  return { name: toModuleName(name), facet: facets.find((one) => one === word) ?? 'loaded' };
}

class ModuleReader implements SettingReader {
  readonly #host: Host;
  readonly #lines: CommandLines;
  #loaded: Reading<ReadonlySet<string>> | undefined;
  #rules: ModprobeRules | undefined;
  #files: ReturnType<typeof readModuleFiles> | undefined;
  #wanted: Reading<ReadonlyMap<string, Place>> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#lines = new CommandLines(host);
  }

  read(key: string): SettingValue {
    const { name, facet } = parseKey(key);
    if (facet === 'loaded') return { now: this.#isLoaded(name), boot: this.#willLoad(name) };
    if (facet === 'file') return always(this.#findFile(name));
    return always(this.#isLoadable(name));
  }

  *keys(glob: string): Iterable<string> {
    const ending = glob.includes('#') ? `#${parseKey(glob).facet}` : '';
    const loaded = this.#readLoaded();
    if (loaded.state === 'known') for (const name of loaded.content) yield `${name}${ending}`;
  }

  #readLoaded(): Reading<ReadonlySet<string>> {
    this.#loaded ??= readLoaded(this.#host);
    return this.#loaded;
  }

  #isLoaded(name: string): FoundValue {
    const loaded = this.#readLoaded();
    if (loaded.state === 'unknown') return unreadable(loaded.reason);
    return setTo(loaded.content.has(name) ? 'yes' : 'no');
  }

  /** Only known for what is asked for by name, or forbidden: devices decide about the others. */
  #willLoad(name: string): FoundValue {
    const loadable = this.#isLoadable(name);
    if (loadable.state === 'set' && loadable.value === 'no') return { ...loadable, value: 'no' };
    this.#wanted ??= readWanted(this.#host);
    if (this.#wanted.state === 'unknown') return unreadable(this.#wanted.reason);
    const place = this.#wanted.content.get(name);
    return place === undefined ? unreadable('undecided') : setTo('yes', place);
  }

  #findFile(name: string): FoundValue {
    this.#files ??= readModuleFiles(this.#host);
    if (this.#files.state === 'unknown') return unreadable(this.#files.reason);
    const file = this.#files.files.get(name);
    if (file === undefined) return unset;
    return setTo(file.path === null ? 'builtin' : this.#host.at(file.path));
  }

  #isLoadable(name: string): FoundValue {
    const file = this.#findFile(name);
    if (file.state === 'set' && file.value === 'builtin') return file;
    this.#rules ??= new ModprobeRules(this.#host);
    if (this.#rules.gap !== undefined) return unreadable(this.#rules.gap);
    const install = this.#rules.findInstall(name);
    if (install !== undefined) return setTo(nothing.test(install.command) ? 'no' : 'command', install.place);
    const forbidden = this.#lines.findNow('module_blacklist');
    if (forbidden.state === 'set' && listsModule(forbidden.value, name)) return setTo('no');
    if (file.state === 'unset') return setTo('missing');
    const blacklist = this.#rules.findBlacklist(name);
    if (blacklist !== undefined) return setTo('blacklisted', blacklist.place);
    const byLine = this.#lines.findNow('modprobe.blacklist');
    if (byLine.state === 'set' && listsModule(byLine.value, name)) return setTo('blacklisted');
    return file.state === 'set' ? setTo('yes') : file;
  }
}

function listsModule(values: string | readonly string[], name: string): boolean {
  return [values].flat().some((list) => list.split(',').some((one) => toModuleName(one) === name));
}

function readLoaded(host: Host): Reading<ReadonlySet<string>> {
  const file = host.readKernel(table);
  if (file.state !== 'read') return unknown(file.state === 'unknown' ? file.reason : 'unsupported');
  const names = new Set(file.text.split('\n').flatMap((line) => /^(\S+) /.exec(line)?.[1] ?? []));
  host.report('modules', table, names.size);
  return known(names);
}

/** Modules that the start of the system loads by name. @see modules-load.d(5) */
function readWanted(host: Host): Reading<ReadonlyMap<string, Place>> {
  const kind = 'modules-load.d';
  const { paths, gap } = listDropIns(host, kind, loadFolders);
  if (gap !== undefined) return unknown(gap);
  const places = new Map<string, Place>();
  for (const path of [...paths, '/etc/modules']) {
    const names = host.readTable(kind, path, ({ text, number }) =>
      text.startsWith(';') ? null : { name: toModuleName(text.split(/\s/)[0] ?? ''), line: number },
    );
    if (names.state === 'unknown') return unknown(names.reason);
    if (names.state === 'read')
      for (const { name, line } of names.entries) places.set(name, { path: host.at(path), line });
  }
  return known(places);
}

export const moduleSpace: KeySpace = {
  prefix: 'module',
  discloses: 'values',
  help: 'Modules of the kernel: whether loaded; #loadable: yes, no, blacklisted, builtin, missing, command; #file.',
  example: 'module:usb-storage#loadable = yes',
  isPublic: true,
  checkKey: (key) =>
    /^[\w*-]+(?:#(?:loaded|loadable|file))?$/.test(key)
      ? null
      : `expected a module such as usb-storage, and #loaded, #loadable or #file behind it if wanted, got ${JSON.stringify(key)}`,
  typeOf: (key) => (parseKey(key).facet === 'loaded' ? 'boolean' : 'text'),
  open: (host) => new ModuleReader(host),
};
