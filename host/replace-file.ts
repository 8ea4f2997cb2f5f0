/** Replaces files whole or not at all: a program that ends in the middle leaves the old or the new one. */
import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pause } from './pause.ts';

const scannerPatienceMs = 2000;
const scannerPauseMs = 20;

/** A name beside the file, unique to this process. */
function temporaryPath(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}.new`;
}

/** Waits a little: on Windows a file cannot be replaced while a virus scanner reads it. */
function renamePatiently(from: string, to: string): void {
  const deadline = Date.now() + scannerPatienceMs;
  for (;;)
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      if (process.platform !== 'win32' || Date.now() > deadline) throw error;
      pause(scannerPauseMs);
    }
}

/** Sets the mode before the content, and follows no link. */
function writeNew(path: string, content: string | Uint8Array, mode: number, flag: string, isDurable: boolean): void {
  const descriptor = openSync(path, flag, mode);
  try {
    // Whatever the umask is.
    fchmodSync(descriptor, mode);
    writeFileSync(descriptor, content);
    if (isDurable) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function replaceBy(path: string, temporary: string, write: () => void): void {
  try {
    write();
    renamePatiently(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** @param mode for its owner alone unless given. */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o600): void {
  const temporary = temporaryPath(path);
  replaceBy(path, temporary, () => writeNew(temporary, content, mode, 'wx', false));
}

/** Returns when the names of a folder are on the disk. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Replaces a file, readable only by its owner, and returns when the content is on the disk. For folders of one process: the
 * name of the unfinished file is always the same, so a process that dies again and again leaves only one.
 */
export function replaceDurably(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.new`;
  replaceBy(path, temporary, () => writeNew(temporary, content, 0o600, 'w', true));
  syncDirectory(dirname(path));
}

/** For content that takes long to make. @param write makes the new file at the path that it is given. */
export async function replaceWith(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await write(temporary);
    renamePatiently(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
