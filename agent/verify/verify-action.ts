/** Checks 4.4 to 4.11 of docs/protocol.md, in their order. The checks after them need the state of the agent. */
import type { Envelope } from '../../protocol/action/envelope.ts';
import { type ActionId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { toSigners } from '../../protocol/environment/acl.ts';
import { assertFleet } from './checks/fleet.ts';
import { parseOperations } from './checks/operations.ts';
import { assertNotRevoked } from './checks/revocation.ts';
import { verifySignatures } from './checks/signatures.ts';
import { parseAction } from './checks/signed-bytes.ts';
import { assertTarget } from './checks/target.ts';
import { assertWeights } from './checks/weights.ts';
import { assertWindow } from './checks/window.ts';
import { RefusalError } from './refusal.ts';
import type { Verdict, VerifiedAction } from './verdict.ts';
import type { Verifier } from './verifier.ts';

/** Nothing in the signed bytes is believed, or parsed, before the signatures over them hold. */
export async function verifyAction(verifier: Verifier, envelope: Envelope, nowMs: number): Promise<Verdict> {
  const { environment, modules } = verifier;
  const trust = verifier.trust(nowMs);
  const bytes = Buffer.from(envelope.payload, 'base64');
  const digest = sha256Hex(bytes);
  let id: ActionId | null = null;
  try {
    // 4.4: the signatures by known keys hold.
    const keys = await verifySignatures(trust, bytes, envelope.signatures, environment.limits, nowMs);
    // 4.5: the signed bytes are an action.
    const action = parseAction(bytes);
    id = action.id;
    // 4.6: the action is for this environment.
    assertFleet(environment, action);
    // 4.7: the modules are known, and the parameters pass their schemas.
    const operations = await parseOperations(modules, action, environment.extraPrivacy);
    // 4.8: no trust list has revoked the action.
    assertNotRevoked(trust, action);
    // 4.9: the time is in the action's window.
    assertWindow(environment.limits, action, nowMs);
    // 4.10: the people who signed have enough weight for each operation.
    const signers = toSigners(trust.investigators, keys);
    assertWeights(trust.acl, operations, signers);
    // 4.11: the target is not false for this agent.
    assertTarget(verifier, action, nowMs);
    return { kind: 'accepted', action: action as VerifiedAction, operations, signers: [...signers], keys, digest };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { kind: 'refused', code: error.code, detail: error.message, action: id, digest };
  }
}
