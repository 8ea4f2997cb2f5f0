/** A key in an armored secret key file, used through openpgp.js; loaded only when MIG_KEY names a file. */
import { createMessage, decryptKey, encrypt, type PrivateKey, readMessage, readPrivateKey, sign } from 'openpgp';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { readEncryptedMessage, readLiteral } from '../../protocol/encrypted-message.ts';
import { fingerprintOf, openpgpConfig } from '../../protocol/signatures/openpgp-keys.ts';
import { findKeyProblem } from './check-key.ts';
import type { InvestigatorKey, InvestigatorKeyCode } from './investigator-key.ts';
import { keyUnreadable } from './key-problem.ts';
import { readPassphrase } from './passphrase.ts';

export interface KeyFile {
  /** For messages. */
  readonly path: string;
  readonly armored: string;
}

async function readLockedKey({ path, armored }: KeyFile): Promise<PrivateKey> {
  try {
    return await readPrivateKey({ armoredKey: armored, config: openpgpConfig });
  } catch (cause) {
    throw keyUnreadable(path, cause);
  }
}

async function unlock(key: PrivateKey, path: string, passphraseFile: string | undefined): Promise<PrivateKey> {
  if (key.isDecrypted()) return key;
  const passphrase = await readPassphrase(passphraseFile, path);
  try {
    return await decryptKey({ privateKey: key, passphrase, config: openpgpConfig });
  } catch (cause) {
    throw new CodedError<InvestigatorKeyCode>('passphrase-wrong', `expected the passphrase of ${path}, got another`, {
      cause,
    });
  }
}

/** Why the key could not be used. Asked only after a failure: it would cost every run. */
async function explain(key: PrivateKey, path: string, cause: unknown): Promise<Error> {
  return (
    (await findKeyProblem(key.toPublic(), cause)) ??
    new CodedError<InvestigatorKeyCode>('key-unreadable', `expected a usable key in ${path}`, { cause })
  );
}

/** @throws CodedError key-unreadable, passphrase-needed, passphrase-wrong; its functions name what makes the key unfit. */
export async function unlockKeyFile(file: KeyFile, passphraseFile: string | undefined): Promise<InvestigatorKey> {
  const { path } = file;
  const locked = await readLockedKey(file);
  const key = await unlock(locked, path, passphraseFile);
  return {
    fingerprint: fingerprintOf(key),
    sign: async (bytes) => {
      const message = await createMessage({ binary: bytes });
      try {
        return await sign({ message, signingKeys: key, detached: true, format: 'armored', config: openpgpConfig });
      } catch (cause) {
        throw await explain(key, path, cause);
      }
    },
    encrypt: async (bytes) => {
      const message = await createMessage({ binary: bytes });
      try {
        return await encrypt({ message, encryptionKeys: key.toPublic(), format: 'armored', config: openpgpConfig });
      } catch (cause) {
        throw await explain(key, path, cause);
      }
    },
    decrypt: async (armored) => {
      const { bytes } = readEncryptedMessage(armored);
      try {
        const message = await readMessage({ binaryMessage: bytes, config: openpgpConfig });
        const decrypted = await message.decrypt([key], undefined, undefined, undefined, openpgpConfig);
        return readLiteral(Buffer.from(decrypted.packets.write()));
      } catch (cause) {
        if (cause instanceof CodedError) throw cause;
        throw new CodedError<InvestigatorKeyCode>('decryption-failed', `expected a message for the key in ${path}`, {
          cause,
        });
      }
    },
    exportPublic: async () => key.toPublic().armor(openpgpConfig),
  };
}
