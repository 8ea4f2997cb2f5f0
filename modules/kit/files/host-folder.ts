/** Folders of the host at known places. */
import { type Dirent, opendirSync, statSync } from 'node:fs';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { toUnread, type Unread } from './host-file.ts';

export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** The names in a folder. */
export interface FolderNames {
  /** Sorted by their bytes; none when it is not there. */
  readonly names: readonly string[];
  /** What each is; a link is not followed. */
  readonly kinds: ReadonlyMap<string, EntryKind>;
  /** Why there may be more. */
  readonly gap?: SkipReason;
}

interface ListedFolder {
  readonly kind: 'listed';
  /** Ascending by code unit. */
  readonly names: readonly string[];
  readonly kinds: ReadonlyMap<string, EntryKind>;
  /** Why there are more names than these. */
  readonly cut?: SkipReason;
}

function toKind(entry: Dirent): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

/** The names in a folder, links in its path included. */
export function listHostFolder(path: string, mostNames: number): ListedFolder | Unread {
  try {
    // Most folders at known places are not there, and an error costs more than looking first.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return { kind: 'unread', reason: 'vanished' };
    const folder = opendirSync(path, { bufferSize: 1024 });
    try {
      const kinds = new Map<string, EntryKind>();
      const toListed = () => ({ kind: 'listed' as const, names: [...kinds.keys()].sort(), kinds });
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        if (kinds.size === mostNames) return { ...toListed(), cut: 'size-limit' };
        kinds.set(entry.name, toKind(entry));
      }
      return toListed();
    } finally {
      folder.closeSync();
    }
  } catch (error) {
    return toUnread(error);
  }
}
