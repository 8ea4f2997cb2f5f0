/** Judges evidence: who vouches for it and who signed the action, by the keys in it and at the time of its export. */

import type { PublicKey } from 'openpgp';
import { latestNow } from '../../../protocol/base/clock.ts';
import type { Fingerprint } from '../../../protocol/base/identifiers.ts';
import { fingerprintOf, readPublicKey } from '../../../protocol/signatures/openpgp-keys.ts';
import { type SignatureOutcome, verifyDetached } from '../../../protocol/signatures/signatures.ts';
import { type EvidenceFile, toEvidenceBytes } from './evidence.ts';

export interface EvidenceJudgement {
  /** Whether the exporter's signature holds over all of it. */
  readonly isWhole: boolean;
  /** Why it does not. */
  readonly why: string | undefined;
  /** ProposalSigners of the action, by the keys in the evidence. */
  readonly signatures: readonly SignatureOutcome[];
  /** The keys in the evidence, by fingerprint. Each says itself whose it is. */
  readonly keys: ReadonlyMap<Fingerprint, PublicKey>;
}

/** Keys that have expired since were good when they signed. */
export async function judgeEvidence({ evidence, exporter, signature }: EvidenceFile): Promise<EvidenceJudgement> {
  const keys: PublicKey[] = await Promise.all(evidence.keys.map((armored) => readPublicKey(armored)));
  const exported = latestNow(Date.parse(evidence.exported));
  const vouching = keys.filter((key) => fingerprintOf(key) === exporter);
  const outcome = await verifyDetached(toEvidenceBytes(evidence), signature, vouching, exported);
  const signedBytes = Buffer.from(evidence.envelope.payload, 'base64');
  return {
    keys: new Map(keys.map((key) => [fingerprintOf(key), key])),
    isWhole: outcome.kind === 'valid',
    why: outcome.kind === 'valid' ? undefined : outcome.kind === 'bad-signature' ? outcome.why : outcome.kind,
    signatures: await Promise.all(
      evidence.envelope.signatures.map((armored) => verifyDetached(signedBytes, armored, keys, exported, 'signing')),
    ),
  };
}
