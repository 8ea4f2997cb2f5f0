/** The investigator's OpenPGP key, wherever its secret half lives. */
import { readFileSync } from 'node:fs';
import { type Fingerprint, sha256Hex } from '../../protocol/identifiers.ts';
import type { KeySetting } from '../settings.ts';
import { type KeyProblem, keyUnreadable } from './key-problem.ts';

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

/** A key that is opened when it is first needed, and once. */
export interface HeldKey {
  /** Tells it from other keys without opening it: the fingerprint, or the digest of the key file. */
  readonly mark: string;
  readonly open: () => Promise<InvestigatorKey>;
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw keyUnreadable(path, cause);
  }
}

/** gpg is started on demand; a key file is read here, and unlocked when it is opened. @throws CodedError key-unreadable */
export function holdKey(setting: KeySetting): HeldKey {
  let opened: Promise<InvestigatorKey> | undefined;
  if (setting.kind === 'gpg') {
    const { fingerprint } = setting;
    const open = async (): Promise<InvestigatorKey> => (await import('./gpg.ts')).gpgKey(fingerprint);
    return { mark: fingerprint, open: () => (opened ??= open()) };
  }
  const { path, passphraseFile } = setting;
  const bytes = readFile(path);
  const open = async (): Promise<InvestigatorKey> => {
    const { unlockKeyFile } = await import('./key-file.ts');
    return unlockKeyFile({ path, armored: bytes.toString('utf8') }, passphraseFile);
  };
  return { mark: sha256Hex(bytes), open: () => (opened ??= open()) };
}

export async function openKey(setting: KeySetting): Promise<InvestigatorKey> {
  return holdKey(setting).open();
}
