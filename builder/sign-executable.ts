/** Signs an executable by a program of the organisation, which knows keys, tools and timestamp servers. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import type { BuildTarget } from './package/target.ts';
import type { SigningCode } from './sign-manifest.ts';

const run = promisify(execFile);

/** Linux has no signatures in executables. */
export function isSignable({ os }: BuildTarget): boolean {
  return os === 'win32' || os === 'darwin';
}

/**
 * @param program is started with the path of the executable, which it changes.
 * @throws CodedError<SigningCode> executable-unsigned
 */
export async function signExecutable(program: string, executable: string): Promise<void> {
  try {
    await run(program, [executable]);
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().slice(-2000) : '';
    throw new CodedError<SigningCode>(
      'executable-unsigned',
      `expected ${program} to sign ${executable}, got: ${said || toMessage(cause)}`,
      { hint: 'run the program with that path by hand; it must end with 0', cause },
    );
  }
}
