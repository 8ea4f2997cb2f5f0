/** A key that GnuPG holds: on disk, behind its agent, on a smart card. Its secret half never reaches this process. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { readEncryptedMessage, readLiteral } from '../../protocol/encrypted-message.ts';
import { type GpgRun, runGpg } from './gpg-process.ts';
import type { InvestigatorKey, InvestigatorKeyCode } from './investigator-key.ts';
import { keyProblem } from './key-problem.ts';

type Purpose = 'sign' | 'encrypt';

function failure(code: InvestigatorKeyCode, message: string, hint?: string): CodedError<InvestigatorKeyCode> {
  return new CodedError(code, message, hint === undefined ? {} : { hint });
}

/**
 * Why gpg could not use the key, from `--with-colons` (gnupg doc/DETAILS: field 2 is the validity, field 12 the
 * capabilities, capital letters for those of the whole key). Asked only after a failure: it would cost every run.
 */
async function explainKey(
  fingerprint: Fingerprint,
  purpose: Purpose,
): Promise<CodedError<InvestigatorKeyCode> | undefined> {
  const { stdout } = await runGpg(['--list-secret-keys', '--with-colons', fingerprint]);
  const record = stdout
    .toString('utf8')
    .split('\n')
    .find((line) => line.startsWith('sec:'));
  if (record === undefined)
    return failure(
      'key-not-found',
      `expected the secret key ${fingerprint} in gpg's keyring`,
      'list yours with: gpg --list-secret-keys --with-fingerprint',
    );
  const fields = record.split(':');
  if (fields[1] === 'e') return keyProblem('key-expired', fingerprint);
  if (fields[1] === 'r') return keyProblem('key-revoked', fingerprint);
  const capabilities = fields[11] ?? '';
  if (purpose === 'sign' && !capabilities.includes('S')) return keyProblem('key-cannot-sign', fingerprint);
  if (purpose === 'encrypt' && !capabilities.includes('E')) return keyProblem('key-cannot-encrypt', fingerprint);
  return undefined;
}

function gpgSays(action: string, run: GpgRun): CodedError<InvestigatorKeyCode> {
  const words = run.stderr.trim().split('\n').slice(-3).join('\n') || `exit code ${run.exitCode}`;
  return failure('gpg-failed', `expected gpg to ${action}; it says:\n${words}`);
}

async function runForKey(fingerprint: Fingerprint, purpose: Purpose, args: string[], input: Uint8Array) {
  const run = await runGpg(args, input);
  if (run.exitCode === 0) return run.stdout.toString('utf8');
  throw (await explainKey(fingerprint, purpose)) ?? gpgSays(purpose, run);
}

const encryptArguments = [
  ...['--encrypt', '--armor', '--trust-model', 'always', '--no-encrypt-to', '--no-throw-keyids'],
  ...['--compress-algo', 'none'],
];

/** @param fingerprint of the primary key; gpg picks the subkey that is fit for the purpose. */
export function gpgKey(fingerprint: Fingerprint): InvestigatorKey {
  return {
    fingerprint,
    sign: (bytes) =>
      runForKey(
        fingerprint,
        'sign',
        ['--detach-sign', '--armor', '--digest-algo', 'SHA256', '--local-user', fingerprint],
        bytes,
      ),
    // The key is the user's own, so its trust is not in question. Whatever gpg.conf says: no further readers and none that
    // is not told, for the action names those who can read; and nothing compressed, for `decrypt` refuses it.
    encrypt: (bytes) => runForKey(fingerprint, 'encrypt', [...encryptArguments, '--recipient', fingerprint], bytes),
    decrypt: async (armored) => {
      // gpg takes off the encryption alone: what is in it may be a bomb that gpg would unpack.
      const run = await runGpg(['--decrypt', '--unwrap'], readEncryptedMessage(armored).bytes);
      if (run.exitCode !== 0)
        throw failure('decryption-failed', `expected a message for ${fingerprint}; gpg says:\n${run.stderr.trim()}`);
      return readLiteral(run.stdout);
    },
    exportPublic: async () => {
      const run = await runGpg(['--export', '--armor', fingerprint]);
      if (run.exitCode !== 0 || run.stdout.length === 0)
        throw failure('key-not-found', `expected the public key ${fingerprint} in gpg's keyring`);
      return run.stdout.toString('utf8');
    },
  };
}
