/** Files that appear whole or not at all: after a crash or on a full disk it is the old one or the new one. */
import { randomBytes } from 'node:crypto';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

const scannerPatienceMs = 2000;
const scannerPauseMs = 20;

/** A name beside the file that no other process takes. */
function besides(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}.new`;
}

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

/**
 * @param write makes the new file at the path that it is given.
 * @param temporary another name for it: one process alone that dies again and again leaves one file, not many.
 */
export function replaceBy(path: string, write: (temporary: string) => void, temporary = besides(path)): void {
  try {
    write(temporary);
    renamePatiently(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The same for what takes its time. */
export async function replaceWith(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = besides(path);
  try {
    await write(temporary);
    renamePatiently(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** @param mode for its owner alone unless given. */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o600): void {
  replaceBy(path, (temporary) => {
    writeFileSync(temporary, content, { mode, flag: 'wx' });
    // Whatever the umask is.
    chmodSync(temporary, mode);
  });
}
