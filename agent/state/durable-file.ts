/** Writing files so that a crash or a full disk at any moment leaves the old content or the new, never half of one. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

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

const scannerPatienceMs = 2000;
const scannerPauseMs = 20;

/** A file on Windows cannot be replaced while a virus scanner reads it, which is not long. */
function renamePatiently(from: string, to: string): void {
  const deadline = Date.now() + scannerPatienceMs;
  for (;;)
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      if (process.platform !== 'win32' || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, scannerPauseMs);
    }
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
  const temporary = `${path}.new`;
  try {
    writeNew(temporary, bytes);
    renamePatiently(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}
