/** Delivers the reports in the outbox. None stands in the way of another, and none stays there for ever. */
import type { Log } from '../../host/log.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { maximumAgentMessageBytes } from '../../protocol/base/limits.ts';
import type { AuditLog } from '../state/audit-log.ts';
import type { Outbox, ReportHead, UndeliveredReport } from '../state/outbox.ts';
import { writeIfPossible } from '../state/write-if-possible.ts';
import { isPublishError, type PublishReport } from './publishing.ts';

export interface SenderParts {
  readonly audit: AuditLog;
  readonly outbox: Outbox;
  readonly log: Log;
  /** A signed report that says why there is no other. */
  readonly makeFailed: (head: ReportHead, why: string) => Buffer;
  /** The broker has it. */
  readonly onDelivered: (action: ActionId) => void;
}

/** A report is worth sending for so long after its action has expired: a laptop that slept meanwhile. */
const toleranceMs = 24 * 3600 * 1000;
/** A smaller report is never the reason why a link is lost. */
const suspectBytes = 1024 * 1024;
/** A broker may not have its queue for reports yet: the relay makes it. */
const retryMs = 5000;
/** After the second loss in a row; doubles with each. */
const firstPauseMs = 5000;
const longestPauseMs = 3600 * 1000;

interface Losses {
  count: number;
  notBeforeMs: number;
}

export class ReportSender {
  readonly #parts: SenderParts;
  /** Large reports during whose delivery the link was lost. */
  readonly #losses = new Map<ActionId, Losses>();
  readonly #sending = new Map<ActionId, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** When this resolves the broker has it, or there is nothing to send now. @throws CodedError<PublishCode> */
  deliver(action: ActionId, publish: PublishReport): Promise<void> {
    const sending = this.#sending.get(action);
    if (sending !== undefined) return sending;
    const begun = this.#deliver(action, publish).finally(() => this.#sending.delete(action));
    this.#sending.set(action, begun);
    return begun;
  }

  /** Sends what was left when the link or the agent went down, the smallest first. Never rejects. */
  async flush(publish: PublishReport): Promise<void> {
    clearTimeout(this.#timer);
    const { outbox, log } = this.#parts;
    let isTaken = true;
    const sizes = outbox.actions().map((action) => ({ action, bytes: outbox.sizeBytes(action) }));
    for (const { action } of sizes.sort((a, b) => a.bytes - b.bytes))
      try {
        await this.deliver(action, publish);
      } catch (error) {
        log.warn({ action, reason: toMessage(error) }, 'could not deliver a report');
        // The next link begins anew.
        if (isPublishError(error) && error.code !== 'not-taken') return;
        isTaken = false;
      }
    this.#flushWhenDue(publish, isTaken ? [] : [Date.now() + retryMs]);
  }

  #flushWhenDue(publish: PublishReport, retries: readonly number[]): void {
    const times = [...retries, ...[...this.#losses.values()].map(({ notBeforeMs }) => notBeforeMs)];
    if (times.length === 0) return;
    const delayMs = Math.max(1000, Math.min(...times) - Date.now());
    this.#timer = setTimeout(() => void this.flush(publish), delayMs);
    this.#timer.unref();
  }

  /** Nothing is sent after this. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async #deliver(action: ActionId, publish: PublishReport): Promise<void> {
    const entry = this.#parts.outbox.get(action);
    if (entry === null || (this.#losses.get(action)?.notBeforeMs ?? 0) > Date.now()) return;
    const { head, message } = entry;
    if (Date.now() > head.expiresMs + toleranceMs) return this.#giveUp(head, 'its action has expired');
    if (message.length > maximumAgentMessageBytes) return this.#replaceAndDeliver(entry, publish);
    try {
      await publish(message);
    } catch (error) {
      if (!isPublishError(error)) throw error;
      if (error.code === 'too-large') this.#replace(entry);
      else if (error.code === 'link-lost' && message.length >= suspectBytes) this.#noteLoss(action);
      throw error;
    }
    this.#losses.delete(action);
    this.#parts.onDelivered(action);
    this.#parts.outbox.delete(action);
  }

  #noteLoss(action: ActionId): void {
    const count = (this.#losses.get(action)?.count ?? 0) + 1;
    const pauseMs = count < 2 ? 0 : Math.min(firstPauseMs * 2 ** (count - 2), longestPauseMs);
    this.#losses.set(action, { count, notBeforeMs: Date.now() + pauseMs });
  }

  async #replaceAndDeliver(entry: UndeliveredReport, publish: PublishReport): Promise<void> {
    if (this.#replace(entry)) await this.#deliver(entry.head.action, publish);
  }

  /** A signed report that says so takes its place. On a full disk the old one stays for another time. */
  #replace({ head, message }: UndeliveredReport): boolean {
    const why = `the result is too large: the broker does not take a report of ${message.length} bytes`;
    return writeIfPossible(this.#parts.log, () => {
      this.#parts.outbox.put(head, this.#parts.makeFailed(head, why));
      this.#record(head.action, why);
    });
  }

  #giveUp({ action }: ReportHead, why: string): void {
    this.#losses.delete(action);
    this.#parts.outbox.delete(action);
    writeIfPossible(this.#parts.log, () => this.#record(action, why));
  }

  #record(action: ActionId, why: string): void {
    this.#parts.audit.record({ kind: 'undelivered', action, why });
  }
}
