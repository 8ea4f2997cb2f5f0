/** Check 4.5: the signed bytes are the context and one action in canonical JSON. Unknown fields are refused. */
import type { Action } from '../../../protocol/action/action.ts';
import { parseSignedBytes } from '../../../protocol/action/envelope.ts';
import { toMessage } from '../../../protocol/base/coded-error.ts';
import { RefusalError } from '../refusal.ts';

/** @throws RefusalError malformed */
export function parseAction(bytes: Uint8Array): Action {
  try {
    return parseSignedBytes(bytes);
  } catch (cause) {
    throw new RefusalError('malformed', toMessage(cause), { cause });
  }
}
