/** Names the owner of a key, for those who do not know fingerprints by heart. */
import { readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import type { InvestigatorKey } from './investigator-key.ts';

export type PublicHalf = Pick<InvestigatorKey, 'fingerprint' | 'exportPublic'>;

/** `Alice Example <alice@example.org>, FINGERPRINT`: the name is what the key's owner wrote. Not escaped. */
export async function describeOwner({ fingerprint, exportPublic }: PublicHalf): Promise<string> {
  const [name] = (await readPublicKey(await exportPublic())).getUserIDs();
  return name === undefined || name === '' ? fingerprint : `${name}, ${fingerprint}`;
}
