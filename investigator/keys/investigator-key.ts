/** The investigator's OpenPGP key, wherever its secret half lives. */
import type { Fingerprint } from '../../protocol/identifiers.ts';
import type { KeySetting } from '../settings.ts';
import type { KeyProblem } from './key-problem.ts';

export type InvestigatorKeyCode =
  | KeyProblem
  | 'gpg-not-found'
  | 'gpg-failed'
  | 'key-not-found'
  | 'key-unreadable'
  | 'passphrase-wrong'
  | 'passphrase-needed'
  | 'decryption-failed';

/** Every function @throws CodedError<InvestigatorKeyCode>. */
export interface InvestigatorKey {
  /** Of the primary key. */
  readonly fingerprint: Fingerprint;
  /** @returns an armored detached signature with SHA-256 or a later hash. */
  readonly sign: (bytes: Uint8Array) => Promise<string>;
  /** Encrypts to this key itself. @returns an armored message. */
  readonly encrypt: (bytes: Uint8Array) => Promise<string>;
  readonly decrypt: (armored: string) => Promise<Uint8Array>;
  /** @returns the armored public key. */
  readonly exportPublic: () => Promise<string>;
}

/** gpg is started on demand; a key file is read, and unlocked, here. */
export async function openKey(setting: KeySetting): Promise<InvestigatorKey> {
  if (setting.kind === 'gpg') {
    const { gpgKey } = await import('./gpg.ts');
    return gpgKey(setting.fingerprint);
  }
  const { readKeyFile } = await import('./key-file.ts');
  return readKeyFile(setting.path, setting.passphraseFile);
}
