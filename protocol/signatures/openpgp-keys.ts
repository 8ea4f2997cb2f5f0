/** Public keys of investigators: what is accepted as one, and what makes a key unfit. */
import { type Config, config as defaults, enums, type Key, type PublicKey, readKeys, type Subkey } from 'openpgp';
import { CodedError } from '../base/coded-error.ts';
import { Fingerprint } from '../base/identifiers.ts';

export type KeyCode =
  | 'key-unreadable'
  | 'key-is-private'
  | 'key-not-alone'
  | 'key-revoked'
  | 'key-expired'
  | 'key-weak'
  | 'key-cannot-sign'
  | 'key-cannot-encrypt';

const rsaBitsAtLeast = 2048;
const tooWeak = new Set([enums.hash.md5, enums.hash.ripemd, enums.hash.sha1]);

/** OpenPGP settings for all that a stranger sent: no SHA-1 or MD5, RSA of 2048 bits or more, no DSA, no compression. */
export const openpgpConfig: Config = {
  ...defaults,
  rejectHashAlgorithms: tooWeak,
  rejectMessageHashAlgorithms: tooWeak,
  minRSABits: rsaBitsAtLeast,
  ignoreUnsupportedPackets: false,
  // Nothing here is compressed: the first byte more ends what would be a bomb, or a packet that unpacks to itself.
  maxDecompressedMessageSize: 1,
};

/** Of one armored public key, with photographs and the signatures of many. */
export const maximumKeyCharacters = 256 * 1024;

/** The primary key's fingerprint. */
export function fingerprintOf(key: Key): Fingerprint {
  return Fingerprint.parse(key.getFingerprint());
}

/**
 * Reads exactly one armored public key.
 * @throws CodedError<KeyCode> key-unreadable, key-is-private, key-not-alone
 */
export async function readPublicKey(armored: string): Promise<PublicKey> {
  let keys: Key[];
  if (armored.length > maximumKeyCharacters)
    throw new CodedError<KeyCode>(
      'key-unreadable',
      `expected a public key of ${maximumKeyCharacters} characters or less`,
    );
  try {
    keys = await readKeys({ armoredKeys: armored, config: { ...openpgpConfig, ignoreUnsupportedPackets: true } });
  } catch (cause) {
    throw new CodedError<KeyCode>('key-unreadable', 'expected an armored OpenPGP public key', { cause });
  }
  const [key, ...others] = keys;
  if (key === undefined)
    throw new CodedError<KeyCode>('key-unreadable', 'expected an armored OpenPGP public key, got none');
  if (others.length > 0)
    throw new CodedError<KeyCode>('key-not-alone', `expected one public key, got ${keys.length}`, {
      hint: 'export each key into a file of its own',
    });
  if (key.isPrivate())
    throw new CodedError<KeyCode>('key-is-private', 'expected a public key, got a PRIVATE key', {
      hint: 'remove this file, consider the key compromised if it was shared, and use gpg --armor --export',
    });
  return key.toPublic();
}

const acceptedAlgorithms: ReadonlySet<string> = new Set([
  'rsaEncryptSign',
  'rsaEncrypt',
  'rsaSign',
  'ecdh',
  'ecdsa',
  'eddsaLegacy',
  'ed25519',
  'ed448',
  'x25519',
  'x448',
]);

function isWeak(part: PublicKey | Subkey): boolean {
  const { algorithm, bits } = part.getAlgorithmInfo();
  return !acceptedAlgorithms.has(algorithm) || (bits !== undefined && bits < rsaBitsAtLeast);
}

async function findRevokedOrExpired(key: PublicKey, now: Date): Promise<KeyCode | null> {
  if (await key.isRevoked(undefined, undefined, now, openpgpConfig)) return 'key-revoked';
  const expires = await key.getExpirationTime(undefined, openpgpConfig);
  if (expires !== null && expires !== Number.POSITIVE_INFINITY && Number(expires) <= now.getTime())
    return 'key-expired';
  return null;
}

/**
 * The problems that make a key unfit at `now` for signing actions and receiving answers.
 * An unfit primary key hides what its subkeys could do, so at most one code is about the key as a whole.
 */
export async function findKeyProblems(key: PublicKey, now: Date): Promise<KeyCode[]> {
  const unfit = await findRevokedOrExpired(key, now);
  if (unfit !== null) return [unfit];
  if (key.getKeys().some(isWeak)) return ['key-weak'];
  try {
    await key.verifyPrimaryKey(now, undefined, openpgpConfig);
  } catch {
    return ['key-weak'];
  }
  const problems: KeyCode[] = [];
  await key.getSigningKey(undefined, now, undefined, openpgpConfig).catch(() => problems.push('key-cannot-sign'));
  await key.getEncryptionKey(undefined, now, undefined, openpgpConfig).catch(() => problems.push('key-cannot-encrypt'));
  return problems;
}
