/** Writing files so that a crash or a full disk at any moment leaves the old content or the new, never half of one. */
import { writeSync } from 'node:fs';

export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** No room, a quota used up, a file system that is read-only or broken. */
const unwritable = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO']);

/** Whether the disk is at fault, which may be another one tomorrow. */
export function isUnwritable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && unwritable.has(String(error.code));
}
