/**
 * The part of the audit log that refusals may fill. A refusal costs its sender nothing, and the log is bounded: some of each
 * kind are listed, the others counted. Nobody can drive what was really asked out of the log.
 */
import { cutText } from '../../protocol/base/text.ts';
import type { AuditEvent, AuditLog } from '../state/audit-log.ts';

type RefusedEvent = Extract<AuditEvent, { kind: 'refused' | 'distrusted' }>;

/** Refusals of one kind that are listed at once; then one more each hour. */
const atOnce = 50;
const oneMoreAfterMs = 3600 * 1000;
/** The detail can hold text of a stranger. */
const detailCharacters = 300;

interface Allowance {
  left: number;
  sinceMs: number;
  counted: number;
}

export class RefusalLog {
  readonly #audit: AuditLog;
  readonly #allowances = new Map<string, Allowance>();

  constructor(audit: AuditLog) {
    this.#audit = audit;
  }

  #allowanceOf(key: string, nowMs: number): Allowance {
    const allowance = this.#allowances.get(key) ?? { left: atOnce, sinceMs: nowMs, counted: 0 };
    this.#allowances.set(key, allowance);
    // A clock that was set back must not stop the listing for as long.
    if (nowMs < allowance.sinceMs) allowance.sinceMs = nowMs;
    const more = Math.floor((nowMs - allowance.sinceMs) / oneMoreAfterMs);
    allowance.left = Math.min(atOnce, allowance.left + more);
    allowance.sinceMs += more * oneMoreAfterMs;
    return allowance;
  }

  record(event: RefusedEvent, nowMs: number): void {
    const allowance = this.#allowanceOf(`${event.kind} ${event.code}`, nowMs);
    if (allowance.left === 0) {
      allowance.counted += 1;
      return;
    }
    const { counted } = allowance;
    // The refusal counts as unlisted until it is written down.
    allowance.counted += 1;
    this.#audit.record({
      ...event,
      detail: cutText(event.detail, detailCharacters),
      ...(counted === 0 ? {} : { counted }),
    });
    allowance.counted = 0;
    allowance.left -= 1;
  }

  /** Writes one entry for the counted refusals of each kind. To be called when the agent ends. */
  recordRest(): void {
    for (const [key, { counted }] of this.#allowances)
      if (counted > 0) this.#audit.record({ kind: 'counted', what: key, counted });
    this.#allowances.clear();
  }
}
