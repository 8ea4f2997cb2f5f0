/** One run of the GnuPG program. */

import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { findTerminal, restoreScreen } from './gpg-terminal.ts';
import type { InvestigatorKeyCode } from './investigator-key.ts';

/** Far above any signature or wrapped key. */
const maximumOutputBytes = 4 * 1024 * 1024;
const statusDescriptor = 3;

export interface GpgRun {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  /** For people. */
  readonly stderr: string;
  /** For programs: gnupg doc/DETAILS. */
  readonly status: string;
}

/** Collects a stream; what is over the limit ends the process that writes it. */
function collect(stream: NodeJS.ReadableStream, chunks: Buffer[], onTooLarge: () => void): void {
  let sizeBytes = 0;
  stream.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > maximumOutputBytes) onTooLarge();
    else chunks.push(chunk);
  });
}

/**
 * Runs `gpg` from PATH without a shell; GNUPGHOME reaches it. Its agent asks for the passphrase itself, on this terminal.
 * @throws CodedError gpg-not-found
 */
export function runGpg(args: readonly string[], input: Uint8Array | string = ''): Promise<GpgRun> {
  return new Promise((resolve, reject) => {
    const terminal = findTerminal();
    // Not --quiet: with it, gpg does not tell why a message could not be decrypted.
    const child = spawn('gpg', ['--batch', '--status-fd', `${statusDescriptor}`, ...args], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...(terminal === undefined ? {} : { GPG_TTY: terminal }) },
    });
    const giveBack = (): void => {
      if (terminal !== undefined) restoreScreen(terminal);
    };
    // A second ctrl+c ends this process while pinentry may be up.
    process.once('exit', giveBack);
    const status: Buffer[] = [];
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    collect(child.stdout, stdout, () => child.kill());
    collect(child.stderr, stderr, () => child.kill());
    collect(child.stdio[statusDescriptor] as Readable, status, () => child.kill());
    child.once('error', (cause) => {
      process.off('exit', giveBack);
      reject(
        new CodedError<InvestigatorKeyCode>('gpg-not-found', 'expected the program gpg in PATH', {
          hint: 'install GnuPG, or set MIG_KEY to the path of an armored secret key file',
          cause,
        }),
      );
    });
    child.once('close', (exitCode) => {
      process.off('exit', giveBack);
      if (exitCode !== 0) giveBack();
      resolve({
        exitCode,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8'),
        status: Buffer.concat(status).toString('utf8'),
      });
    });
    // gpg may end before it has read everything; its exit code says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
