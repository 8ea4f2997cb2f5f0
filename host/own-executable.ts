/** Where this program's own file is: to start itself once more, to copy itself, to be compared with another. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CodedError } from '../protocol/base/coded-error.ts';

/** The file that this process runs from, even when another one has taken its place. @see proc_pid_exe(5) */
const linkToItself = '/proc/self/exe';

/**
 * Without /proc, as in a chroot, it is the path by which this program was started.
 * @param isThere tells whether there is a file at a path.
 * @throws CodedError no-own-executable
 */
export function findOwnExecutable(isThere: (path: string) => boolean = existsSync): string {
  if (process.platform === 'linux' && isThere(linkToItself)) return linkToItself;
  const path = resolve(process.execPath);
  if (isThere(path)) return path;
  throw new CodedError('no-own-executable', `expected this program's own file at ${path}, got none`, {
    hint: 'start it by its full path, or have /proc there: mount -t proc proc /proc',
  });
}
