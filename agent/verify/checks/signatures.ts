/** Check 4.4: every signature by a known key holds, and there is at least one. Unknown signers count nothing. */

import type { Fingerprint } from '../../../protocol/base/identifiers.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import type { Limits } from '../../../protocol/environment/environment.ts';
import { verifyDetached } from '../../../protocol/signatures/signatures.ts';
import type { Trust } from '../../state/trust-store.ts';
import { RefusalError } from '../refusal.ts';

/**
 * @returns the keys that signed, each once.
 * @throws RefusalError bad-signature, key-expired, key-revoked, not-yet-valid, unknown-signer
 */
export async function verifySignatures(
  { revokedKeys, readKeys }: Trust,
  bytes: Uint8Array,
  signatures: readonly string[],
  { clockSkewSeconds }: Limits,
  nowMs: number,
): Promise<Fingerprint[]> {
  const keys = await readKeys();
  const latest = new Date(nowMs + clockSkewSeconds * 1000);
  const signers = new Set<Fingerprint>();
  for (const armored of signatures) {
    const outcome = await verifyDetached(bytes, armored, keys, latest);
    if (outcome.kind === 'unknown-signer') continue;
    if (outcome.kind === 'bad-signature') throw new RefusalError('bad-signature', outcome.why);
    if (outcome.kind === 'signed-later')
      throw new RefusalError('not-yet-valid', `a signature is of later than ${toInstant(latest.getTime())}`);
    if (outcome.kind !== 'valid') throw new RefusalError(outcome.kind, `the key ${outcome.signer}`);
    if (revokedKeys.has(outcome.signer))
      throw new RefusalError('key-revoked', `the key ${outcome.signer}, by a trust list`);
    signers.add(outcome.signer);
  }
  if (signers.size === 0) throw new RefusalError('unknown-signer', 'no signature is by a key that is trusted now');
  return [...signers];
}
