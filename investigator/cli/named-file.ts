/** Files that a person named: why one cannot be read or written is part of what is said. */
import { lstatSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { replaceFile } from '../../host/replace-file.ts';
import { openStandardOutput } from '../../host/standard-output.ts';
import { fromUtf16 } from '../../host/text-file.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';

export type NamedFileCode = 'file-unreadable' | 'file-unwritable';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'no such file or folder',
  EISDIR: 'a folder',
  EACCES: 'no permission',
  EROFS: 'a file system that cannot be written to',
  ENOSPC: 'a full file system',
  EDQUOT: 'a full quota',
  ELOOP: 'a link that leads in a circle',
  ENAMETOOLONG: 'a name that is too long',
};

/** Whether there is no such file: neither it nor, maybe, a folder above it. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** @param error of a file system call. */
export function toReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'something else';
  return reasons[code] ?? code;
}

/**
 * UTF-16, which PowerShell's `>` writes, becomes UTF-8.
 * @param path `-` for standard input.
 * @param what it should be, for the message: `action file`.
 * @throws CodedError<NamedFileCode>
 */
export function readNamedFile(path: string, what: string, hint?: string): Buffer {
  try {
    return fromUtf16(readFileSync(path === '-' ? 0 : path));
  } catch (cause) {
    const place = path === '-' ? 'on standard input' : `at ${path}`;
    throw new CodedError<NamedFileCode>(
      'file-unreadable',
      `expected a readable ${what}, got ${toReason(cause)} ${place}`,
      hint === undefined ? { cause } : { hint, cause },
    );
  }
}

/**
 * The file that may be replaced: the one behind a link, so that the link stays. Undefined for pipes, devices and open
 * descriptors (`/dev/stdout`): an ordinary file in the place of `/dev/null` would harm every program of the machine.
 */
function findReplaceable(path: string): string | undefined {
  // A link that leads nowhere is replaced itself.
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined || kind.isDirectory()) return path;
  if (!kind.isFile()) return undefined;
  if (!lstatSync(path).isSymbolicLink()) return path;
  return /^\/(dev|proc)\//.test(path) ? undefined : realpathSync(path);
}

/**
 * All of it or nothing, also when it replaces a file; for its owner alone. A pipe, a device or an open descriptor is
 * written to. @param path `-` for standard output. @throws CodedError<NamedFileCode>
 */
export function writeNamedFile(path: string, content: string | Uint8Array): void {
  if (path === '-') {
    openStandardOutput().write(content);
    return;
  }
  try {
    const file = findReplaceable(path);
    if (file === undefined) writeFileSync(path, content, { flag: 'a' });
    else replaceFile(file, content);
  } catch (cause) {
    throw new CodedError<NamedFileCode>('file-unwritable', `expected to write ${path}, got ${toReason(cause)}`, {
      cause,
    });
  }
}
