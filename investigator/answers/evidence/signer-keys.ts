/** Whose keys have to go with an action so that its signatures can be checked later. */

import type { PublicKey } from 'openpgp';
import type { Envelope } from '../../../protocol/action/envelope.ts';
import { latestNow } from '../../../protocol/base/clock.ts';
import { fingerprintOf, readPublicKey } from '../../../protocol/signatures/openpgp-keys.ts';
import { verifyDetached } from '../../../protocol/signatures/signatures.ts';

export interface SignerKeys {
  /** Armored, without repetition. */
  readonly keys: readonly string[];
  /** Signatures by none of the candidates. */
  readonly unknown: number;
}

interface Candidate {
  readonly armored: string;
  readonly key: PublicKey;
}

/** A relay may list what is no key. */
async function readCandidates(armoredKeys: readonly string[]): Promise<Candidate[]> {
  const read = await Promise.allSettled(
    armoredKeys.map(async (armored) => ({ armored, key: await readPublicKey(armored) })),
  );
  return read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** @param candidates armored public keys, from anybody: a key goes along when a signature names it. */
export async function findSignerKeys(envelope: Envelope, candidates: readonly string[]): Promise<SignerKeys> {
  const read = await readCandidates(candidates);
  const publicKeys = read.map(({ key }) => key);
  const signedBytes = Buffer.from(envelope.payload, 'base64');
  const keys = new Map<string, string>();
  let unknown = 0;
  for (const signature of envelope.signatures) {
    const outcome = await verifyDetached(signedBytes, signature, publicKeys, latestNow());
    const signer = 'signer' in outcome ? outcome.signer : undefined;
    const found = read.find(({ key }) => fingerprintOf(key) === signer);
    if (found === undefined) unknown += 1;
    else keys.set(fingerprintOf(found.key), found.armored);
  }
  return { keys: [...keys.values()], unknown };
}
