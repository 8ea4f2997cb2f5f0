/** The modules on disk and in the kernel's own file. @see modules.dep(5) */
import { release } from 'node:os';
import type { Host } from '../../../kit/files/host.ts';
import { toTableLines } from '../../../kit/files/table-line.ts';
import { known, type Reading, unknown } from '../found.ts';
import { toModuleName } from './modprobe.ts';

const kind = 'modules.dep';

export interface ModuleFile {
  /** Null for one that is part of the kernel's own file. */
  readonly path: string | null;
}

/** `kernel/drivers/usb/storage/usb-storage.ko.xz` */
function nameOf(path: string): string {
  return toModuleName((path.split('/').at(-1) ?? '').replace(/\.ko(?:\.\w+)?$/, ''));
}

/** By name with `_`; unknown when the kernel's folder is not there. */
export function readModuleFiles(host: Host): Reading<ReadonlyMap<string, ModuleFile>> {
  const folder = ['/usr/lib/modules', '/lib/modules']
    .map((one) => `${one}/${release()}`)
    .find((one) => host.status(kind, one).state !== 'absent');
  // A container has no modules, and other kernels have theirs in one file.
  if (folder === undefined) return unknown('unsupported');
  const files = new Map<string, ModuleFile>();
  for (const [table, isBuiltIn] of [
    ['modules.builtin', true],
    ['modules.dep', false],
  ] as const) {
    const file = host.read(kind, `${folder}/${table}`, { isRequired: true });
    if (file.state !== 'read') return unknown(file.state === 'unknown' ? file.reason : 'vanished');
    let entries = 0;
    for (const { text } of toTableLines(file.bytes)) {
      const [path = ''] = text.split(':');
      const full = path.startsWith('/') ? path : `${folder}/${path}`;
      files.set(nameOf(path.trim()), { path: isBuiltIn ? null : host.at(full) });
      entries += 1;
    }
    file.report(entries);
  }
  return known(files);
}
