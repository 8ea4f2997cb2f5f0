/** Opens an action that the relay kept, with the key that opens its answers. */
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { ResultOpener } from '../../protocol/result/sealed.ts';
import { openOwnAction } from '../answers/own-action.ts';
import { unwrapReplyKey } from '../ask/wrapped-reply-key.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';
import type { Relay } from '../relay/relay.ts';
import type { ReportedAction } from './report-answers.ts';

/** @throws CodedError<OwnActionCode | ReplyKeyCode | InvestigatorKeyCode> */
export async function readOwnAction(relay: Relay, id: ActionId, key: InvestigatorKey): Promise<ReportedAction> {
  const { envelope, wrappedreplykey, counts } = await relay.getAction(id);
  const { action, signedBytes } = await openOwnAction(envelope, id, key);
  const opener = new ResultOpener(await unwrapReplyKey(wrappedreplykey, action, key));
  return { action, signedBytes, signatures: envelope.signatures, opener, counts };
}
