/** A signed action, from a file or, by its id, from the server, where it was proposed. */
import { ActionId } from '../../protocol/base/identifiers.ts';
import { parseSignedFile, type SignedAction } from '../ask/signed-file.ts';
import { readNamedFile } from '../cli/named-file.ts';
import type { Proposal } from '../relay/proposals.ts';
import type { Relay } from '../relay/relay.ts';

/** @param ask provides the relay, which only a proposal needs. @throws CodedError<SignedFileCode | ProposalCode> */
export async function readSigned(
  source: string,
  ask: (use: (relay: Relay) => Promise<Proposal>) => Promise<Proposal>,
): Promise<SignedAction> {
  const id = ActionId.safeParse(source);
  if (!id.success)
    return parseSignedFile(
      readNamedFile(source, 'signed file', 'or give the id of a proposal; mig proposals lists them'),
      source,
    );
  const { readProposal } = await import('../relay/proposals.ts');
  return (await ask((relay) => readProposal(relay, id.data))).signed;
}
