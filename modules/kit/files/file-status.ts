/** What the system tells of a file without opening it. */
import { statSync } from 'node:fs';
import { toUnread, type Unread } from './host-file.ts';

export interface FileStatus {
  readonly kind: 'file' | 'folder' | 'other';
  /** Permission bits, up to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  /** When its content was changed, since 1970. */
  readonly changedMs: number;
  /** Equal for two names of one file. */
  readonly identity: string;
}

export function readFileStatus(path: string): FileStatus | Unread {
  try {
    const stats = statSync(path);
    return {
      kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other',
      mode: stats.mode & 0o7777,
      uid: stats.uid,
      gid: stats.gid,
      sizeBytes: stats.size,
      changedMs: Math.floor(stats.mtimeMs),
      identity: `${stats.dev}:${stats.ino}`,
    };
  } catch (error) {
    return toUnread(error);
  }
}
