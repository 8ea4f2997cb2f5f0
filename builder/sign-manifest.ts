/** Signs a manifest with a key in gpg. Anybody with the public key can check later where the executables come from. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { replaceWith } from '../host/replace-file.ts';
import { CodedError } from '../protocol/base/coded-error.ts';
import type { Fingerprint } from '../protocol/base/identifiers.ts';

export type SigningCode = 'manifest-unsigned' | 'executable-unsigned';

const run = promisify(execFile);

/** The messages of gpg, without the lines that only name the program. */
function wordsOf(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return said === '' ? String(error) : said.replaceAll(/^gpg: /gm, '').replaceAll('\n', '; ');
}

/**
 * Writes `<manifest>.asc`, an armored detached signature (RFC 9580, 10.4), in one step.
 * @returns its path.
 * @throws CodedError<SigningCode>
 */
export async function signManifest(manifest: string, key: Fingerprint): Promise<string> {
  const signature = `${manifest}.asc`;
  try {
    const options = ['--batch', '--yes', '--quiet', '--armor', '--detach-sign', '--digest-algo', 'SHA256'];
    await replaceWith(signature, async (temporary) => {
      await run('gpg', [...options, '--local-user', key, '--output', temporary, manifest]);
    });
    return signature;
  } catch (cause) {
    throw new CodedError<SigningCode>('manifest-unsigned', `expected gpg to sign with ${key}: ${wordsOf(cause)}`, {
      hint: 'the executables and their manifest are there; sign it with: gpg --armor --detach-sign manifest.json',
      cause,
    });
  }
}
