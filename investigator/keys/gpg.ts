/** A key that GnuPG holds: on disk, behind its agent, on a smart card. Its secret half never reaches this process. */

import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { readEncryptedMessage, readLiteral } from '../../protocol/encrypted-message.ts';
import { readArmoredSignature } from '../../protocol/signatures/armored-signature.ts';
import { explainFailure } from './gpg-failure.ts';
import { type GpgRun, runGpg } from './gpg-process.ts';
import type { InvestigatorKey, InvestigatorKeyCode, Quietly } from './investigator-key.ts';
import { keyProblem } from './key-problem.ts';

type Purpose = 'sign' | 'encrypt' | 'decrypt';

const ownKeysHint =
  'list yours with: gpg --list-secret-keys --with-fingerprint; GNUPGHOME names another folder of keys than ~/.gnupg';
const otherSignaturesHint =
  'local-user, set-notation or the like in your gpg.conf makes gpg sign in another way: take it out';

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
  const { stdout, status } = await runGpg(['--list-secret-keys', '--with-colons', fingerprint]);
  const record = stdout
    .toString('utf8')
    .split('\n')
    .find((line) => line.startsWith('sec:'));
  if (record === undefined)
    return (
      explainFailure(purpose, status) ??
      failure('key-not-found', `expected the secret key ${fingerprint} in gpg's keyring`, ownKeysHint)
    );
  // What an expired key was sent can still be read.
  if (purpose === 'decrypt') return undefined;
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
  // The key of MIG_KEY is there: gpg looked for another one as well.
  const hint = action === 'sign' && /^gpg: skipped /m.test(words) ? otherSignaturesHint : undefined;
  return failure('gpg-failed', `expected gpg to ${action}; it says:\n${words}`, hint);
}

async function explainRun(fingerprint: Fingerprint, purpose: Purpose, { status }: GpgRun) {
  return explainFailure(purpose, status) ?? (await explainKey(fingerprint, purpose));
}

async function runForKey(fingerprint: Fingerprint, purpose: Purpose, args: string[], input: Uint8Array) {
  const run = await runGpg(args, input);
  if (run.exitCode === 0) return run.stdout.toString('utf8');
  throw (await explainRun(fingerprint, purpose, run)) ?? gpgSays(purpose, run);
}

/** Options of the person's gpg.conf that would make another signature: over text, with an end, with words around it. */
const signArguments = [
  ...['--detach-sign', '--armor', '--digest-algo', 'SHA256', '--no-textmode'],
  ...['--no-ask-sig-expire', '--default-sig-expire', '0', '--no-comments', '--no-emit-version'],
];

/** The type of a signature over binary data (RFC 9580, 5.2.1), and where a packet of version 4 has it. */
const binaryType = 0;
const typeOffset = 1;

/** @throws CodedError gpg-failed when agents would not take it */
function assertPlain(armored: string): string {
  try {
    if (readArmoredSignature(armored).body[typeOffset] === binaryType) return armored;
  } catch (cause) {
    throw new CodedError<InvestigatorKeyCode>('gpg-failed', `expected one signature from gpg: ${toMessage(cause)}`, {
      hint: otherSignaturesHint,
      cause,
    });
  }
  throw failure('gpg-failed', 'expected a signature over binary data from gpg, got one over text', otherSignaturesHint);
}

const encryptArguments = [
  ...['--encrypt', '--armor', '--trust-model', 'always', '--no-encrypt-to', '--no-throw-keyids'],
  ...['--compress-algo', 'none', '--no-textmode', '--no-for-your-eyes-only', '--no-comments', '--no-emit-version'],
];

/**
 * @param fingerprint of the primary key; gpg picks the subkey that is fit for the purpose.
 * @param quietly runs what a passphrase may be asked for.
 */
export function gpgKey(fingerprint: Fingerprint, quietly: Quietly): InvestigatorKey {
  return {
    fingerprint,
    sign: async (bytes) =>
      assertPlain(
        await quietly(() => runForKey(fingerprint, 'sign', [...signArguments, '--local-user', fingerprint], bytes)),
      ),
    // The key is the user's own, so its trust is not in question. Whatever gpg.conf says: no further readers and none that
    // is not told, for the action names those who can read; and nothing compressed, for `decrypt` refuses it.
    encrypt: (bytes) => runForKey(fingerprint, 'encrypt', [...encryptArguments, '--recipient', fingerprint], bytes),
    decrypt: async (armored) => {
      // gpg takes off the encryption alone: what is in it may be a bomb that gpg would unpack.
      const run = await quietly(() => runGpg(['--decrypt', '--unwrap'], readEncryptedMessage(armored).bytes));
      if (run.exitCode !== 0)
        throw (
          (await explainRun(fingerprint, 'decrypt', run)) ??
          failure('decryption-failed', `expected a message for ${fingerprint}; gpg says:\n${run.stderr.trim()}`)
        );
      return readLiteral(run.stdout);
    },
    exportPublic: async () => {
      const run = await runGpg(['--export', '--armor', fingerprint]);
      if (run.exitCode !== 0 || run.stdout.length === 0)
        throw failure('key-not-found', `expected the public key ${fingerprint} in gpg's keyring`, ownKeysHint);
      return run.stdout.toString('utf8');
    },
  };
}
