/** Problems of an investigator's key in words, with what to do about them. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import type { KeyCode } from '../../protocol/signatures/openpgp-keys.ts';
import { toReason } from '../cli/named-file.ts';

export type KeyProblem = Extract<
  KeyCode,
  'key-revoked' | 'key-expired' | 'key-weak' | 'key-cannot-sign' | 'key-cannot-encrypt'
>;

const handOn = 'then give the public key to whoever builds the agents and runs the server';

interface Words {
  /** Behind "expected … ". */
  readonly expected: string;
  readonly got: (fingerprint: Fingerprint) => string;
  readonly hint: (fingerprint: Fingerprint) => string;
}

const words: Readonly<Record<KeyProblem, Words>> = {
  'key-revoked': {
    expected: 'a valid key',
    got: (fingerprint) => `the revoked key ${fingerprint}`,
    hint: () =>
      `set MIG_KEY to another key; to make one: gpg --quick-gen-key "YOUR NAME" default default 1y\n${handOn}`,
  },
  'key-expired': {
    expected: 'a key that is valid now',
    got: (fingerprint) => `the expired key ${fingerprint}`,
    hint: (fingerprint) => `prolong it with: gpg --quick-set-expire ${fingerprint} 1y\n${handOn}`,
  },
  'key-weak': {
    expected: 'RSA of 2048 bits or more, or an elliptic curve, certified with SHA-256 or later',
    got: (fingerprint) => `the weaker key ${fingerprint}`,
    hint: () => `make a new key with: gpg --quick-gen-key "YOUR NAME" default default 1y\n${handOn}`,
  },
  'key-cannot-sign': {
    expected: 'a key that can sign',
    got: (fingerprint) => `${fingerprint} without a valid key or subkey for it`,
    hint: (fingerprint) => `add a subkey with: gpg --quick-add-key ${fingerprint} default sign\n${handOn}`,
  },
  'key-cannot-encrypt': {
    expected: 'a key that can receive the answers',
    got: (fingerprint) => `${fingerprint} without a valid encryption subkey`,
    hint: (fingerprint) =>
      `add one with: gpg --quick-add-key ${fingerprint} cv25519 encr (for an RSA key: rsa3072 encr)\n${handOn}`,
  },
};

export function isKeyProblem(code: string): code is KeyProblem {
  return Object.hasOwn(words, code);
}

export function keyProblem(code: KeyProblem, fingerprint: Fingerprint, cause?: unknown): CodedError<KeyProblem> {
  const { expected, got, hint } = words[code];
  return new CodedError(code, `expected ${expected}, got ${got(fingerprint)}`, { hint: hint(fingerprint), cause });
}

/** The secret key file is missing, or is no secret key. */
export function keyUnreadable(path: string, cause: unknown): CodedError<'key-unreadable'> {
  const got = cause instanceof Error && 'syscall' in cause ? toReason(cause) : 'something else';
  return new CodedError('key-unreadable', `expected an armored OpenPGP secret key in ${path}, got ${got}`, {
    hint: 'MIG_KEY is the fingerprint of a key that gpg holds (40 hex digits), or the path of such a file',
    cause,
  });
}
