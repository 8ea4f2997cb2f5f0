/** Configuration in several folders: of files with one name, that of the first folder counts. @see sysctl.d(5) */
import { join } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host } from './host.ts';
import { toPath } from './latin1-text.ts';

export interface DropIns {
  /** Sorted by their names. A file that masks others without content is left out. */
  readonly paths: readonly string[];
  /** Why there may be more. */
  readonly gap?: SkipReason;
}

/**
 * @param kind of the source, for the receipt.
 * @param folders with the strongest first.
 */
export function listDropIns(host: Host, kind: string, folders: readonly string[], ending = '.conf'): DropIns {
  const byName = new Map<string, string>();
  const seen = new Set<string>();
  let gap: SkipReason | undefined;
  for (const folder of folders) {
    // /lib may be a link to /usr/lib.
    const real = host.resolve(folder) ?? folder;
    if (seen.has(real)) continue;
    seen.add(real);
    const listed = host.listFolder(kind, folder);
    gap ??= listed.gap;
    for (const name of listed.names)
      if (name.endsWith(ending) && !name.startsWith('.') && !byName.has(name))
        byName.set(name, join(folder, toPath(name)));
  }
  const names = [...byName.keys()].sort();
  const paths = names.map((name) => byName.get(name) ?? '').filter((path) => host.linkAt(path) !== '/dev/null');
  return { paths, ...(gap === undefined ? {} : { gap }) };
}
