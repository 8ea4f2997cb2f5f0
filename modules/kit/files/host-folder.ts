/** Folders of the host at known places. */
import { type Dirent, opendirSync, statSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { native } from '../../../native/index.ts';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { toUnread, type Unread, unreadBecause } from './host-file.ts';

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

const kindsByLetter: Readonly<Record<string, EntryKind>> = { f: 'file', d: 'folder', l: 'link' };

function listAtOnce(path: string, mostNames: number): ListedFolder | Unread {
  const listed = native().listFolder(path, mostNames);
  if (typeof listed === 'number') return unreadBecause(getSystemErrorName(-listed));
  const kinds = new Map<string, EntryKind>();
  for (const [index, name] of listed.names.entries())
    kinds.set(name, kindsByLetter[listed.kinds[index] ?? ''] ?? 'other');
  return { kind: 'listed', names: [...kinds.keys()], kinds, ...(listed.isCut ? { cut: 'size-limit' } : {}) };
}

/** The names in a folder, links in its path included. */
export function listHostFolder(path: string, mostNames: number): ListedFolder | Unread {
  if (process.platform === 'linux') return listAtOnce(path, mostNames);
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
