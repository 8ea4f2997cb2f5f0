/** The investigator's OpenPGP key, wherever its secret half lives. */

import { readFileSync } from 'node:fs';
import { fromUtf16 } from '../../host/text-file.ts';
import { type Fingerprint, sha256Hex } from '../../protocol/base/identifiers.ts';
import type { EncryptedMessageCode } from '../../protocol/encrypted-message.ts';
import type { KeySetting } from '../cli/settings.ts';
import type { GpgFailureCode } from './gpg-failure.ts';
import { type KeyProblem, keyUnreadable } from './key-problem.ts';

export type InvestigatorKeyCode =
  | KeyProblem
  | GpgFailureCode
  | EncryptedMessageCode
  | 'gpg-not-found'
  | 'gpg-failed'
  | 'key-not-found'
  | 'key-unreadable'
  | 'passphrase-needed'
  | 'decryption-failed';

/** Every function @throws CodedError<InvestigatorKeyCode>. */
export interface InvestigatorKey {
  /** Fingerprint of the primary key. */
  readonly fingerprint: Fingerprint;
  /** @returns an armored detached signature with SHA-256 or a later hash. */
  readonly sign: (bytes: Uint8Array) => Promise<string>;
  /** Encrypts to this key itself. @returns an armored message. */
  readonly encrypt: (bytes: Uint8Array) => Promise<string>;
  /** Decrypts a message of few bytes. A compressed one is refused: a stranger may have sent it. */
  readonly decrypt: (armored: string) => Promise<Uint8Array>;
  /** @returns the armored public key. */
  readonly exportPublic: () => Promise<string>;
}

/** A key that is opened when it is first needed; once it is open, it stays so. */
export interface HeldKey {
  /** Tells it from other keys without opening it: the fingerprint, or the digest of the key file. */
  readonly mark: string;
  readonly open: () => Promise<InvestigatorKey>;
}

function readFile(path: string): Buffer {
  try {
    return fromUtf16(readFileSync(path));
  } catch (cause) {
    throw keyUnreadable(path, cause);
  }
}

/** A failure, such as a mistyped passphrase, may be tried again. */
function once(open: () => Promise<InvestigatorKey>): HeldKey['open'] {
  let opened: Promise<InvestigatorKey> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/** Runs work during which something else may ask on the terminal. */
export type Quietly = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * gpg is started on demand; a key file is read here, and unlocked when it is opened.
 * @param quietly runs what gpg may ask for a passphrase for.
 * @throws CodedError key-unreadable
 */
export function holdKey(setting: KeySetting, quietly: Quietly = (work) => work()): HeldKey {
  if (setting.kind === 'gpg') {
    const { fingerprint } = setting;
    return { mark: fingerprint, open: once(async () => (await import('./gpg.ts')).gpgKey(fingerprint, quietly)) };
  }
  const { path, passphraseFile } = setting;
  const bytes = readFile(path);
  const open = async (): Promise<InvestigatorKey> => {
    const { unlockKeyFile } = await import('./key-file.ts');
    return unlockKeyFile({ path, armored: bytes.toString('utf8') }, passphraseFile);
  };
  return { mark: sha256Hex(bytes), open: once(open) };
}

export async function openKey(setting: KeySetting): Promise<InvestigatorKey> {
  return holdKey(setting).open();
}
