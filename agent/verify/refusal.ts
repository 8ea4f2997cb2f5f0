/** A refusal: what a check throws, and what becomes of it in the audit log and on the wire. */
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';

export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  /** For the audit log. It does not leave the host. */
  readonly detail: string;
  /** Null before the action has been read. */
  readonly action: ActionId | null;
  /** SHA-256 of the signed bytes. */
  readonly digest: string;
}

/** Thrown by every check; docs/protocol.md lists the codes. */
export class RefusalError extends CodedError<RefusalCode> {}
