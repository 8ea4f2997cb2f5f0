/** Folders of the host at known places. */
import { opendirSync } from 'node:fs';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { toUnread, type Unread } from './host-file.ts';

interface ListedFolder {
  readonly kind: 'listed';
  /** Ascending by code unit. */
  readonly names: readonly string[];
  /** Why there are more names than these. */
  readonly cut?: SkipReason;
}

/** The names in a folder, links in its path included. */
export function listHostFolder(path: string, mostNames: number): ListedFolder | Unread {
  try {
    const folder = opendirSync(path, { bufferSize: 1024 });
    try {
      const names: string[] = [];
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        if (names.length === mostNames) return { kind: 'listed', names: names.sort(), cut: 'size-limit' };
        names.push(entry.name);
      }
      return { kind: 'listed', names: names.sort() };
    } finally {
      folder.closeSync();
    }
  } catch (error) {
    return toUnread(error);
  }
}
