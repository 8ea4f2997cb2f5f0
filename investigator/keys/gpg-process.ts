/** One run of the GnuPG program. */
import { spawn } from 'node:child_process';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { InvestigatorKeyCode } from './investigator-key.ts';

/** Far above any signature or wrapped key. */
const maximumOutputBytes = 4 * 1024 * 1024;

export interface GpgRun {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  /** For people. */
  readonly stderr: string;
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
 * Runs `gpg` from PATH without a shell; GNUPGHOME and GPG_TTY reach it. Its agent asks for the passphrase itself.
 * @throws CodedError gpg-not-found
 */
export function runGpg(args: readonly string[], input: Uint8Array | string = ''): Promise<GpgRun> {
  return new Promise((resolve, reject) => {
    const child = spawn('gpg', ['--batch', '--quiet', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    collect(child.stdout, stdout, () => child.kill());
    collect(child.stderr, stderr, () => child.kill());
    child.once('error', (cause) =>
      reject(
        new CodedError<InvestigatorKeyCode>('gpg-not-found', 'expected the program gpg in PATH', {
          hint: 'install GnuPG, or set MIG_KEY to the path of an armored secret key file',
          cause,
        }),
      ),
    );
    child.once('close', (exitCode) =>
      resolve({ exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') }),
    );
    // gpg may end before it has read everything; its exit code says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
