/** Writing files so that a crash or a full disk at any moment leaves the old content or the new, never half of one. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceBy } from '../../host/replace-file.ts';

export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** No room, a quota used up, a file system that is read-only or broken. */
const unwritable = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO']);

/** Whether the disk is at fault, which may be another one tomorrow. */
export function isUnwritable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && unwritable.has(String(error.code));
}

function writeNew(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'w', 0o600);
  try {
    writeAll(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Replaces `path` atomically, 0600, on the disk when this returns; when it throws, all is as it was. */
export function writeDurably(path: string, bytes: Uint8Array): void {
  replaceBy(path, (temporary) => writeNew(temporary, bytes), `${path}.new`);
  syncDirectory(dirname(path));
}
