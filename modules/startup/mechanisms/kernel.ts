/** What is loaded into the kernel, and what it starts first. */
import { join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import { readModuleFiles, toModuleName } from '../../kit/kernel/module-files.ts';
import { type ModprobeLine, parseModprobe } from '../../kit/modprobe/modprobe-lines.ts';
import type { StartupEntry } from '../entry.ts';
import { listNamedFiles, readEntries, readListedEntries } from './config-files.ts';
import { toShellCommand } from './find-program.ts';
import { parseKernelParameters, parseModuleNames } from './kernel-lines.ts';
import { listScripts, plainNames, runPartsNames } from './script-folders.ts';

const kind = 'kernel';
const tops = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];

/** The tables of modules are read when the first one is asked for. */
class ModuleTargets {
  readonly #host: Host;
  #files: ReturnType<typeof readModuleFiles> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Nothing for a part of the kernel's own file, and for another name of a module. */
  of(module: string): Pick<StartupEntry, 'target'> {
    this.#files ??= readModuleFiles(this.#host);
    const file = this.#files.state === 'read' ? this.#files.files.get(toModuleName(module)) : undefined;
    return file === undefined || file.path === null ? {} : { target: file.path };
  }
}

function* listLoaded(host: Host): Generator<StartupEntry> {
  const own = '/etc/modules';
  const same = { kind, trigger: 'boot' } as const;
  const targets = new ModuleTargets(host);
  for (const { line, module } of readEntries(host, kind, own, parseModuleNames))
    yield { ...same, name: toText(module), path: own, line, states: ['enabled'], ...targets.of(module) };
  const folders = tops.map((top) => `${top}/modules-load.d`);
  for (const { path, isMasked } of listNamedFiles(host, kind, folders, /\.conf$/)) {
    // Debian has a link to the other file.
    if (host.resolve(path) === own) continue;
    for (const { line, module } of readListedEntries(host, kind, path, parseModuleNames))
      yield {
        ...same,
        name: toText(module),
        path,
        line,
        states: [isMasked ? 'masked' : 'enabled'],
        ...targets.of(module),
      };
  }
}

/** What starts a command or loads other modules. */
function parseHooks(text: string): readonly ModprobeLine[] {
  const hooks = [...parseModprobe(text)].filter(({ action }) => /^(?:install|remove|softdep|weakdep)$/.test(action));
  return hooks.filter(({ value }) => value !== '');
}

function* listModprobe(host: Host): Generator<StartupEntry> {
  const folders = tops.map((top) => `${top}/modprobe.d`);
  const files = listNamedFiles(host, kind, folders, /\.conf$/);
  for (const { path, isMasked } of [...files, { path: '/etc/modprobe.conf', isMasked: false }])
    for (const { line, action, module, value } of readListedEntries(host, kind, path, parseHooks)) {
      const runs = action === 'install' || action === 'remove';
      yield {
        kind,
        name: toText(`${action} ${module}`),
        path,
        line,
        states: [isMasked ? 'masked' : 'enabled'],
        trigger: 'event',
        ...(runs ? { user: 'root', ...toShellCommand(host, value) } : { command: value }),
      };
    }
}

/** Files with the kernel's command line: of the running system, and of what starts next. */
const parameterFiles: readonly (readonly [string, RegExp])[] = [
  ['/etc/default/grub', /^(?:export )?GRUB_CMDLINE/],
  ['/boot/grub/grub.cfg', /^linux/],
  ['/boot/grub2/grub.cfg', /^linux/],
  ['/boot/grub2/grubenv', /^kernelopts/],
  ['/boot/extlinux/extlinux.conf', /^append/i],
  ['/etc/kernel/cmdline', /^/],
  ['/boot/cmdline.txt', /^/],
  ['/boot/firmware/cmdline.txt', /^/],
];
const parameterFolders: readonly (readonly [string, RegExp, RegExp])[] = [
  ['/etc/default/grub.d', /\.cfg$/, /^(?:export )?GRUB_CMDLINE/],
  ['/etc/cmdline.d', /\.conf$/, /^/],
  ['/boot/loader/entries', /\.conf$/, /^options/],
];

function* listParameters(host: Host): Generator<StartupEntry> {
  const folders = parameterFolders.flatMap(([folder, names, lines]) =>
    listNamedFiles(host, kind, [folder], names).map(({ path }) => [path, lines] as const),
  );
  for (const [path, lines] of [...parameterFiles, ...folders])
    for (const found of readEntries(host, kind, path, (text) => parseKernelParameters(text, lines)))
      yield toParameter(path, found);
  const running = host.readKernel('/proc/cmdline');
  if (running.state === 'read')
    for (const found of parseKernelParameters(running.text, /^/)) yield toParameter('/proc/cmdline', found);
}

function toParameter(
  path: string,
  found: ReturnType<typeof parseKernelParameters> extends Generator<infer Found> ? Found : never,
): StartupEntry {
  const { line, parameter, value } = found;
  const target = value.startsWith('/') ? { target: value } : {};
  const same = { kind, path, line, states: ['enabled'], trigger: 'boot', user: 'root' } as const;
  return { ...same, name: parameter, command: `${parameter}=${value}`, ...target };
}

/** Scripts that are put into the first file system, or make it. */
function* listFirstFileSystem(host: Host): Generator<StartupEntry> {
  const same = { kind, user: 'root' } as const;
  const shared = { ...same, needs: 'executable', names: runPartsNames } as const;
  const tools = ['/etc/initramfs-tools', '/usr/share/initramfs-tools'];
  yield* listScripts(host, { ...shared, trigger: 'event', folders: tools.map((top) => `${top}/hooks`) });
  const stages = new Set(tools.flatMap((top) => host.list(kind, `${top}/scripts`)));
  for (const stage of stages)
    yield* listScripts(host, {
      ...shared,
      trigger: 'boot',
      schedule: stage,
      folders: tools.map((top) => join(top, 'scripts', stage)),
    });
  for (const part of ['hooks', 'install'])
    yield* listScripts(host, {
      ...same,
      needs: 'any',
      names: plainNames,
      trigger: 'boot',
      folders: [`/etc/initcpio/${part}`, `/usr/lib/initcpio/${part}`],
    });
  yield* listDracut(host);
}

function* listDracut(host: Host): Generator<StartupEntry> {
  const top = '/usr/lib/dracut/modules.d';
  const names = host.list(kind, top);
  if (names.length > 0) host.report(kind, top, names.length);
  for (const name of names) {
    const path = join(top, name, 'module-setup.sh');
    if (host.status(kind, path).state === 'absent') continue;
    const target = Buffer.from(path).toString('latin1');
    yield { kind, name, path, states: ['enabled'], trigger: 'event', user: 'root', target };
  }
}

export function* listKernel(host: Host): Generator<StartupEntry> {
  yield* listLoaded(host);
  yield* listModprobe(host);
  yield* listParameters(host);
  yield* listFirstFileSystem(host);
}
