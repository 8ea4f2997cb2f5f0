/** What the system tells of a file without opening it. */
import { type Stats, statSync } from 'node:fs';
import { toUnread, type Unread } from './host-file.ts';

export interface FileStatus {
  readonly kind: 'file' | 'folder' | 'device' | 'other';
  /** Permission bits, up to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  /** When its content was changed, since 1970. */
  readonly changedMs: number;
  /** When anything of it was changed, since 1970: nobody can set it back. */
  readonly touchedMs: number;
  /** Equal for two names of one file. */
  readonly identity: string;
}

function toKind(stats: Stats): FileStatus['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'other';
}

export function readFileStatus(path: string): FileStatus | Unread {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: 'unread', reason: 'vanished' };
    return {
      kind: toKind(stats),
      mode: stats.mode & 0o7777,
      uid: stats.uid,
      gid: stats.gid,
      sizeBytes: stats.size,
      changedMs: Math.floor(stats.mtimeMs),
      touchedMs: Math.floor(stats.ctimeMs),
      identity: `${stats.dev}:${stats.ino}`,
    };
  } catch (error) {
    return toUnread(error);
  }
}
