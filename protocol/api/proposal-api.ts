/**
 * The part of the REST API that lets several people sign one action (paths below `apiPrefix`): a proposal is an action
 * with too few signatures, kept until somebody submits it with enough of them through `POST /actions`.
 */
import * as z from 'zod';
import { ArmoredSignature, Envelope } from '../action/envelope.ts';
import { ActionId, PlainFingerprint } from '../base/identifiers.ts';
import { maximumSignatures } from '../base/limits.ts';
import { ActionSubmission, ActionSummary } from './api.ts';

/** `POST /proposals` → 201. The signatures, none or some, must be by investigators that the relay knows, one each. */
export const ProposalSubmission = z.strictObject({
  ...ActionSubmission.shape,
  envelope: z.strictObject({ ...Envelope.shape, signatures: z.array(ArmoredSignature).max(maximumSignatures) }),
});
export type ProposalSubmission = z.infer<typeof ProposalSubmission>;

/** Who has signed, as the relay found; whoever acts on it verifies the signatures themselves. */
const ProposalSigner = z.strictObject({ investigator: z.string(), fingerprint: PlainFingerprint });

export const ProposalSummary = z.strictObject({
  // The action's own; a proposal ends with its action.
  ...ActionSummary.omit({ cancelled: true, counts: true }).shape,
  signers: z.array(ProposalSigner),
  /** The action has been submitted. */
  launched: z.boolean(),
});
export type ProposalSummary = z.infer<typeof ProposalSummary>;

/** `GET /proposals?limit=…&before=…`, newest first: those that have not expired. */
export const ProposalsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  /** The last id of the page before. */
  before: ActionId.optional(),
});
export const ProposalsResponse = z.strictObject({ proposals: z.array(ProposalSummary), next: ActionId.nullable() });

/** `GET /proposals/:id`: all that is needed to read, sign and submit it. */
export const ProposalDetail = z.strictObject({ ...ProposalSummary.shape, ...ProposalSubmission.shape });
export type ProposalDetail = z.infer<typeof ProposalDetail>;

/**
 * `POST /proposals/:id/signatures` → 201 with the `ProposalSummary`: one armored detached OpenPGP signature over the
 * proposal's payload by the investigator whose session this is. A second one by the same key takes the first one's place.
 */
export const ProposalSignature = z.strictObject({ signature: ArmoredSignature });

// `DELETE /proposals/:id` → 204, by who brought it or an admin.
