/** Opens an action that the relay kept. Only one that this investigator signed counts: a relay cannot make one up. */

import type { Action } from '../../protocol/action/action.ts';
import { type Envelope, parseSignedBytes } from '../../protocol/action/envelope.ts';
import { latestNow } from '../../protocol/base/clock.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';

type OwnActionCode = 'action-not-yours' | 'signed-later' | 'action-mismatch';

/**
 * Signature first, content second.
 * @throws CodedError<OwnActionCode>, or malformed
 */
export async function openOwnAction(
  envelope: Envelope,
  id: ActionId,
  key: InvestigatorKey,
): Promise<{ readonly action: Action; readonly signedBytes: Buffer }> {
  const [{ readPublicKey }, { verifyDetached }, armored] = await Promise.all([
    import('../../protocol/signatures/openpgp-keys.ts'),
    import('../../protocol/signatures/signatures.ts'),
    key.exportPublic(),
  ]);
  const signedBytes = Buffer.from(envelope.payload, 'base64');
  const publicKey = await readPublicKey(armored);
  const outcomes = await Promise.all(
    envelope.signatures.map((signature) => verifyDetached(signedBytes, signature, [publicKey], latestNow())),
  );
  const kinds = outcomes.map(({ kind }) => kind);
  if (!kinds.includes('valid') && kinds.includes('signed-later'))
    throw new CodedError<OwnActionCode>('signed-later', `expected a signature made by now, got one from the future`, {
      hint: "this machine's clock is wrong, or was: mig config compares it with the server's",
    });
  if (!kinds.includes('valid'))
    throw new CodedError<OwnActionCode>('action-not-yours', `expected an action that ${key.fingerprint} signed`, {
      hint: 'the answers of an action can be opened by those who signed it',
    });
  const action = parseSignedBytes(signedBytes);
  if (action.id !== id)
    throw new CodedError<OwnActionCode>('action-mismatch', `expected action ${id}, got action ${action.id}`, {
      hint: 'the relay gave another action than the one asked for; do not trust its answers',
    });
  return { action, signedBytes };
}
