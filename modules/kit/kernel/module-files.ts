/** The modules on disk and in the kernel's own file. @see modules.dep(5) */
import { release } from 'node:os';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host } from '../files/host.ts';
import { toTableLines } from '../files/table-line.ts';

const kind = 'modules.dep';

interface ModuleFile {
  /** Absolute on the host, in Latin-1, packed or not; null for one that is part of the kernel's own file. */
  readonly path: string | null;
}

type ModuleFiles =
  | {
      readonly state: 'read';
      /** By name with `_`. */
      readonly files: ReadonlyMap<string, ModuleFile>;
    }
  | { readonly state: 'unknown'; readonly reason: SkipReason };

/** `-` and `_` are the same in a module's name, but not in a set of letters. */
export function toModuleName(name: string): string {
  return name.replaceAll('-', '_');
}

/** `kernel/drivers/usb/storage/usb-storage.ko.xz` */
function nameOf(path: string): string {
  return toModuleName((path.split('/').at(-1) ?? '').replace(/\.ko(?:\.\w+)?$/, ''));
}

/** Unknown when the folder of the running kernel is not there. */
export function readModuleFiles(host: Host): ModuleFiles {
  const folder = ['/usr/lib/modules', '/lib/modules']
    .map((one) => `${one}/${release()}`)
    .find((one) => host.status(kind, one).state !== 'absent');
  // A container has no modules, and other kernels have theirs in one file.
  if (folder === undefined) return { state: 'unknown', reason: 'unsupported' };
  const files = new Map<string, ModuleFile>();
  for (const [table, isBuiltIn] of [
    ['modules.builtin', true],
    ['modules.dep', false],
  ] as const) {
    const file = host.read(kind, `${folder}/${table}`, { isRequired: true });
    if (file.state !== 'read') return { state: 'unknown', reason: file.state === 'unknown' ? file.reason : 'vanished' };
    let entries = 0;
    for (const { text } of toTableLines(file.bytes)) {
      const [path = ''] = text.split(':', 1);
      const full = path.startsWith('/') ? path : `${folder}/${path}`;
      files.set(nameOf(path.trim()), { path: isBuiltIn ? null : full });
      entries += 1;
    }
    file.report(entries);
  }
  return { state: 'read', files };
}
