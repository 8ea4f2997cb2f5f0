/** The outcome of verifying an action. */
import type { Action } from '../../protocol/action/action.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import type { DisclosureClass } from '../../protocol/environment/disclosure.ts';
import type { Refusal } from './refusal.ts';

declare const verified: unique symbol;
/** An action that passed checks 4.4 to 4.11. Only `verifyAction` makes one. */
export type VerifiedAction = Action & { readonly [verified]: true };

/** A question whose parameters have passed the module's schema; `parameters` is the schema's own output. */
export interface CheckedQuestion {
  readonly module: string;
  readonly parameters: unknown;
  /** The most that its result tells. */
  readonly disclosure: DisclosureClass;
}

export interface CheckedOperation extends CheckedQuestion {
  /** Questions that it asks other modules; each is judged as an operation. */
  readonly inner: readonly CheckedQuestion[];
}

export interface AcceptedAction {
  readonly kind: 'accepted';
  readonly action: VerifiedAction;
  /** In the order of the action. */
  readonly operations: readonly CheckedOperation[];
  readonly signers: readonly string[];
  readonly keys: readonly Fingerprint[];
  /** SHA-256 of the signed bytes. */
  readonly digest: string;
}

export type Verdict = AcceptedAction | Refusal;
