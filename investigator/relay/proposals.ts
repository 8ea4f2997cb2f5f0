/** The relay's proposals: actions that wait for more signatures. What comes back has passed its schema, no more. */
import * as z from 'zod';
import {
  ProposalDetail,
  type ProposalSubmission,
  ProposalSummary,
  ProposalsResponse,
} from '../../protocol/api/proposal-api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { type SignedAction, toSignedAction } from '../ask/signed-file.ts';
import type { Relay } from './relay.ts';

type ProposalCode = 'proposal-mismatch';

export async function submitProposal(relay: Relay, submission: ProposalSubmission): Promise<void> {
  await relay.request({ method: 'POST', path: '/proposals', body: submission, mustFinish: true }, z.unknown());
}

/** The newest first. */
export function listProposals(relay: Relay, limit: number): Promise<z.infer<typeof ProposalsResponse>> {
  return relay.request({ method: 'GET', path: '/proposals', query: { limit } }, ProposalsResponse);
}

export interface Proposal {
  readonly signed: SignedAction;
  /** Names of the signers, as the relay says. */
  readonly claimed: ProposalSummary;
}

/** @throws CodedError<ProposalCode> when the relay gives another action than the one asked for; malformed */
export async function readProposal(relay: Relay, id: ActionId): Promise<Proposal> {
  const { envelope, wrappedreplykey, ...claimed } = await relay.request(
    { method: 'GET', path: `/proposals/${id}` },
    ProposalDetail,
  );
  const signed = toSignedAction({ envelope, wrappedreplykey });
  if (signed.action.id !== id)
    throw new CodedError<ProposalCode>('proposal-mismatch', `expected proposal ${id}, got ${signed.action.id}`, {
      hint: 'do not trust this server',
    });
  return { signed, claimed };
}

/** @param signature armored and detached, over the proposal's payload. */
export function signProposal(relay: Relay, id: ActionId, signature: string): Promise<ProposalSummary> {
  const path = `/proposals/${id}/signatures`;
  return relay.request({ method: 'POST', path, body: { signature }, mustFinish: true }, ProposalSummary);
}

/** By who brought it, or an admin; others are refused. */
export function withdrawProposal(relay: Relay, id: ActionId): Promise<void> {
  return relay.remove(`/proposals/${id}`);
}
