/**
 * Refusals cost whoever sends nothing, and the owner's log keeps only so much: of each kind some are written down one by one,
 * the others are counted, so that nobody can drive what was really asked out of the log.
 */
import { cutText } from '../../protocol/base/text.ts';
import type { AuditEvent, AuditLog } from '../state/audit-log.ts';

type RefusedEvent = Extract<AuditEvent, { kind: 'refused' | 'distrusted' }>;

/** Of one kind, at once; then as many as the hours that have passed. */
const atOnce = 50;
const oneMoreAfterMs = 3600 * 1000;
/** Who sends nonsense writes it, too. */
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
    // A clock that was set back must not stop it for as long.
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
    // Until it is written down it is one of those that were only counted.
    allowance.counted += 1;
    this.#audit.record({
      ...event,
      detail: cutText(event.detail, detailCharacters),
      ...(counted === 0 ? {} : { counted }),
    });
    allowance.counted = 0;
    allowance.left -= 1;
  }

  /** What was only counted, as one entry of each kind: to be called when the agent ends. */
  recordRest(): void {
    for (const [key, { counted }] of this.#allowances)
      if (counted > 0) this.#audit.record({ kind: 'counted', what: key, counted });
    this.#allowances.clear();
  }
}
