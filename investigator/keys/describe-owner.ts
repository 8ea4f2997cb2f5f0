/** Names the owners of keys, for those who do not know fingerprints by heart. */
import type { PublicKey } from 'openpgp';
import { latestNow } from '../../protocol/base/clock.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import type { InvestigatorKey } from './investigator-key.ts';
import { readPublicKeyFiles } from './public-key-file.ts';

export type PublicHalf = Pick<InvestigatorKey, 'fingerprint' | 'exportPublic'>;

/** `Alice Example <alice@example.org>, FINGERPRINT`: the name is what the key's owner wrote. Not escaped. */
export function describeOwner(fingerprint: Fingerprint, key: PublicKey | undefined): string {
  const [name] = key?.getUserIDs() ?? [];
  return name === undefined || name === '' ? fingerprint : `${name}, ${fingerprint}`;
}

/**
 * Who signed, by one's own key and those of files; one entry for each signature. Not escaped.
 * @param keyPaths as of MIG_KEYS.
 * @throws CodedError<PublicKeyFileCode | InvestigatorKeyCode>
 */
export async function describeSigners(
  signedBytes: Uint8Array,
  signatures: readonly string[],
  own: PublicHalf,
  keyPaths: readonly string[],
): Promise<string[]> {
  const files = await readPublicKeyFiles(keyPaths);
  const keys = [await readPublicKey(await own.exportPublic()), ...files.map(({ key }) => key)];
  const outcomes = await Promise.all(
    signatures.map((signature) => verifyDetached(signedBytes, signature, keys, latestNow(), 'signing')),
  );
  return outcomes.map((outcome) => {
    if (outcome.kind !== 'valid') return `a signature that cannot be checked here: ${outcome.kind}`;
    const { signer } = outcome;
    return describeOwner(
      signer,
      keys.find((key) => key.getFingerprint().toUpperCase() === signer),
    );
  });
}
