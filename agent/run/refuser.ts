/** Tells of refusals: to the relay, and in the audit log. */
import type { Log } from '../../host/log.ts';
import type { Envelope } from '../../protocol/action/envelope.ts';
import { type CommandId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { maximumCommandBytes } from '../../protocol/base/limits.ts';
import type { TrustCode } from '../../protocol/trust/trust-refusals.ts';
import type { PublishReport } from '../link/publishing.ts';
import type { AuditLog } from '../state/audit-log.ts';
import { writeIfPossible } from '../state/write-if-possible.ts';
import type { Refusal } from '../verify/refusal.ts';
import { RefusalLog } from '../verify/refusal-log.ts';
import type { AcceptedAction } from '../verify/verdict.ts';
import { type Speaker, toRefusalReport } from './report.ts';

export interface RefuserParts {
  readonly speaker: Speaker;
  readonly audit: AuditLog;
  readonly log: Log;
}

/** `digest` is null for a message that was never read. */
type Refused = Omit<Refusal, 'kind' | 'digest'> & { readonly digest: string | null };

export function toRefusal({ action, digest }: AcceptedAction, code: Refusal['code'], detail: string): Refusal {
  return { kind: 'refused', code, detail, action: action.id, digest };
}

export function toUnhandled({ payload }: Envelope, detail: string): Refusal {
  return {
    kind: 'refused',
    code: 'unhandled',
    detail,
    action: null,
    digest: sha256Hex(Buffer.from(payload, 'base64')),
  };
}

export class Refuser {
  readonly #parts: RefuserParts;
  readonly #refusals: RefusalLog;

  constructor(parts: RefuserParts) {
    this.#parts = parts;
    this.#refusals = new RefusalLog(parts.audit);
  }

  /** Records a refusal that cannot be reported, since nobody knows which command it was. */
  record({ code, detail, action, digest }: Refused): void {
    const event = { kind: 'refused', action, actiondigest: digest, code, detail } as const;
    writeIfPossible(this.#parts.log, () => this.#refusals.record(event, Date.now()));
    this.#parts.log.warn({ action, code }, 'refused a command');
  }

  /** Check 4.1: a message that is larger than any honest relay sends was thrown away unread. */
  recordOversized(sizeBytes: number): void {
    const detail = `a message of ${sizeBytes} bytes, at most ${maximumCommandBytes} are taken`;
    this.record({ code: 'malformed', detail, action: null, digest: null });
  }

  recordTrust(code: TrustCode, detail: string): void {
    writeIfPossible(this.#parts.log, () => this.#refusals.record({ kind: 'distrusted', code, detail }, Date.now()));
    this.#parts.log.warn({ code }, 'refused a trust list');
  }

  /** @throws CodedError<PublishCode> */
  async refuse(command: CommandId, refusal: Refusal, publish: PublishReport): Promise<void> {
    this.record(refusal);
    await publish(toRefusalReport(this.#parts.speaker, command, refusal));
  }

  /** Nothing is refused after this. */
  close(): void {
    writeIfPossible(this.#parts.log, () => this.#refusals.recordRest());
  }
}
