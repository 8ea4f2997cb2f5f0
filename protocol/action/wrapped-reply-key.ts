/** The link between an action and its wrapped reply key: the signed action holds the digest of the exact text beside it. */

import { CodedError } from '../base/coded-error.ts';
import { sha256Hex } from '../base/identifiers.ts';
import type { Action } from './action.ts';

export type WrappedReplyKeyCode = 'wrapped-key-mismatch';

/** The action's `wrappedreplykeydigest` for this armored message, byte for byte. */
export function toWrappedReplyKeyDigest(wrapped: string): string {
  return sha256Hex(wrapped);
}

/** @throws CodedError<WrappedReplyKeyCode> when somebody put another wrapped key beside the signed action. */
export function assertWrappedReplyKey(
  { id, wrappedreplykeydigest }: Pick<Action, 'id' | 'wrappedreplykeydigest'>,
  { wrappedreplykey }: { readonly wrappedreplykey: string },
): void {
  if (toWrappedReplyKeyDigest(wrappedreplykey) !== wrappedreplykeydigest)
    throw new CodedError<WrappedReplyKeyCode>(
      'wrapped-key-mismatch',
      `expected the wrapped reply key that was signed with action ${id}, got another one`,
      { hint: 'it was replaced after the action was signed; do not sign or launch it' },
    );
}
