/** Takes proposals and signatures on them. The relay's checks keep out what could never be an action. */

import { parseSignedBytes } from '../../protocol/action/envelope.ts';
import { assertWrappedReplyKey } from '../../protocol/action/wrapped-reply-key.ts';
import type { ProposalSubmission } from '../../protocol/api/proposal-api.ts';
import { latestNow } from '../../protocol/base/clock.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { ActionId, Fingerprint } from '../../protocol/base/identifiers.ts';
import { maximumSignatures } from '../../protocol/base/limits.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import type { Investigator } from '../access/access.ts';
import { findAction } from '../database/actions.ts';
import type { Database } from '../database/database.ts';
import { insertProposal, listSignatures, type NewSignature, upsertSignatures } from '../database/proposals.ts';
import { assertNotExpired, signedLater } from './submit-action.ts';

export type ProposalCode = 'signature-not-accepted' | 'proposal-exists' | 'too-many-signatures' | 'action-exists';

interface SignedBytes {
  readonly id: ActionId;
  readonly payload: Uint8Array;
}

/** @throws CodedError<ProposalCode | SubmitCode> signature-not-accepted, signed-later */
async function readSignature(
  { id, payload }: SignedBytes,
  signature: string,
  signers: readonly Investigator[],
): Promise<NewSignature> {
  const keys = signers.map(({ key }) => key);
  const outcome = await verifyDetached(payload, signature, keys, latestNow());
  if (outcome.kind === 'signed-later') throw signedLater();
  const signer =
    outcome.kind === 'valid' ? signers.find(({ fingerprint }) => fingerprint === outcome.signer) : undefined;
  if (signer === undefined)
    throw new CodedError<ProposalCode>(
      'signature-not-accepted',
      `expected a valid signature over the payload by one who may give it, got ${outcome.kind}`,
    );
  return { proposal: id, fingerprint: signer.fingerprint, investigator: signer.name, signature };
}

/**
 * @param investigators all who may log in; only their signatures are kept.
 * @throws CodedError<ProposalCode | WrappedReplyKeyCode | 'malformed' | 'target-malformed' | 'action-expired'>
 */
export async function submitProposal(
  database: Database,
  investigators: ReadonlyMap<Fingerprint, Investigator>,
  submitter: Investigator,
  submission: ProposalSubmission,
): Promise<ActionId> {
  const { envelope, wrappedreplykey } = submission;
  const payload = Buffer.from(envelope.payload, 'base64');
  const action = parseSignedBytes(payload);
  const { id, name, target } = action;
  parseTarget(target);
  assertNotExpired(action);
  assertWrappedReplyKey(action, submission);
  const signatures = new Map<Fingerprint, NewSignature>();
  for (const armored of envelope.signatures) {
    const signature = await readSignature({ id, payload }, armored, [...investigators.values()]);
    signatures.set(signature.fingerprint, signature);
  }
  const validfrom = new Date(action.validfrom);
  const expireafter = new Date(action.expireafter);
  await database.db.transaction().execute(async (tx) => {
    const proposal = {
      id,
      name,
      target,
      validfrom,
      expireafter,
      investigator: submitter.name,
      payload,
      wrappedreplykey,
    };
    const asked = await findAction(tx, id);
    if (asked !== undefined && !payload.equals(asked.payload))
      throw new CodedError<ProposalCode>(
        'action-exists',
        `expected a new proposal, got one with the id of action ${id}`,
      );
    if (!(await insertProposal(tx, proposal)))
      throw new CodedError<ProposalCode>('proposal-exists', `expected a new proposal, got ${id} again`);
    await upsertSignatures(tx, [...signatures.values()]);
  });
  return id;
}

/** @throws CodedError<ProposalCode> */
export async function addSignature(
  database: Database,
  signer: Investigator,
  proposal: SignedBytes,
  armored: string,
): Promise<void> {
  const signature = await readSignature(proposal, armored, [signer]);
  const others = (await listSignatures(database.db, [proposal.id])).filter(
    ({ fingerprint }) => fingerprint !== signer.fingerprint,
  );
  if (others.length >= maximumSignatures)
    throw new CodedError<ProposalCode>('too-many-signatures', `expected at most ${maximumSignatures} signatures`);
  await upsertSignatures(database.db, [signature]);
}
