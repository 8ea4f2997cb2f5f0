/** Handles a delivery: verifies the command, has it run once, keeps the report until the broker has confirmed it. */
import type { Log } from '../../host/log.ts';
import type { Envelope } from '../../protocol/action/envelope.ts';
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import { type ActionId, type CommandId, sha256Hex } from '../../protocol/base/identifiers.ts';
import type { CommandMessage } from '../../protocol/topology.ts';
import type { TrustEnvelope } from '../../protocol/trust/trust-list.ts';
import type { DeliveryHandler } from '../link/link.ts';
import { isPublishError, type PublishReport } from '../link/publishing.ts';
import { parseQueueMessage } from '../link/queue-message.ts';
import { ReportSender } from '../link/report-sender.ts';
import { isUnwritable } from '../state/durable-file.ts';
import type { ReplayLedger } from '../state/replay-ledger.ts';
import { ReportedCommands } from '../state/reported-commands.ts';
import { writeIfPossible } from '../state/write-if-possible.ts';
import { type Attempts, bearableAttempts } from '../verify/attempts.ts';
import { assertNotReplayed } from '../verify/checks/replay.ts';
import { assertRoom } from '../verify/checks/room.ts';
import { type Refusal, RefusalError } from '../verify/refusal.ts';
import type { AcceptedAction, Verdict } from '../verify/verdict.ts';
import { ActionRunner, type RunnerParts } from './action-runner.ts';
import { Refuser, toRefusal, toUnhandled } from './refuser.ts';
import { toRunningMessage } from './report.ts';
import { takeTrustList } from './trust-intake.ts';

export interface HandlerParts extends RunnerParts {
  readonly attempts: Attempts;
  readonly ledger: ReplayLedger;
  readonly log: Log;
}

interface Running {
  /** Resolves when the report is in the outbox; a second delivery of the same action waits for it. */
  readonly reported: Promise<void>;
  readonly cancellation: AbortController;
  readonly revocation: AbortController;
  /** The end of the action's own time, ms since the epoch. */
  readonly expiresMs: number;
  /** Verified again under a later trust list. */
  readonly envelope: Envelope;
  readonly signers: readonly string[];
}

/** Refusals that stop a running action. That its time has run out does not. */
const rightIsGone: ReadonlySet<RefusalCode> = new Set([
  'key-revoked',
  'action-revoked',
  'unknown-signer',
  'insufficient-weight',
]);

const maximumCancelled = 1000;

export class CommandHandler implements DeliveryHandler {
  readonly #parts: HandlerParts;
  readonly #runner: ActionRunner;
  readonly #sender: ReportSender;
  readonly #refuser: Refuser;
  readonly #running = new Map<ActionId, Running>();
  /** Trust lists that came before an action take effect before it. */
  #trusting: Promise<void> = Promise.resolve();
  /** Cancellations that came before their command; the oldest are forgotten. */
  readonly #cancelled = new Set<ActionId>();

  /** What the heartbeats list. */
  readonly reported: ReportedCommands;
  /** Called when there is news before the next heartbeat is due. */
  onNews: (() => void) | null = null;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
    this.#runner = new ActionRunner(parts);
    this.#sender = new ReportSender({
      ...parts,
      makeFailed: (head, why) => this.#runner.makeFailed(head, why),
      onDelivered: (action) => this.#noteDelivered(action),
    });
    this.#refuser = new Refuser(parts);
    this.reported = new ReportedCommands(parts.speaker.id);
    for (const { action, expiresMs } of parts.ledger.reported()) this.reported.add(action, expiresMs);
  }

  /**
   * The delivery may be acknowledged when this resolves: what it asked for is safe.
   * @throws CodedError<PublishCode> when the link is lost, and nothing else.
   */
  async handle(body: Buffer, publish: PublishReport, isRedelivered = false): Promise<void> {
    const { attempts, log } = this.#parts;
    const digest = sha256Hex(body);
    const before = attempts.begin(digest, isRedelivered);
    try {
      await this.#take(body, digest, before, publish);
    } catch (error) {
      if (isPublishError(error)) throw error;
      log.error({ reason: toMessage(error) }, 'could not handle a message');
      this.#refuser.record({ code: 'unhandled', detail: toMessage(error), action: null, digest });
    } finally {
      attempts.end(digest);
    }
  }

  /** @param before how often the same message came and was not handled. */
  async #take(body: Buffer, digest: string, before: number, publish: PublishReport): Promise<void> {
    const detail = `came ${before} times, and the agent ended each time`;
    // 4.2: the agent did not end each time that it tried. It may have been the parsing.
    if (before > bearableAttempts) return this.#refuser.record({ code: 'unhandled', detail, action: null, digest });
    // 4.3: it is a message of the relay.
    const message = parseQueueMessage(body);
    if (typeof message === 'string')
      return this.#refuser.record({ code: 'malformed', detail: message, action: null, digest });
    if ('cancel' in message) return this.#cancel(message.cancel);
    if ('envelope' in message)
      return before === bearableAttempts
        ? this.#refuser.refuse(message.id, toUnhandled(message.envelope, detail), publish)
        : this.#handleCommand(message, publish);
    if (before === bearableAttempts) return this.#refuser.record({ code: 'unhandled', detail, action: null, digest });
    const done = this.#trusting.then(() => this.#trust(message.trust));
    this.#trusting = done.catch(() => {});
    return done;
  }

  async #handleCommand(command: CommandMessage, publish: PublishReport): Promise<void> {
    try {
      // 4.4 to 4.11.
      const verdict = await this.#verify(command.envelope);
      // A process starts while the log is written, and only for an action of those who may ask.
      if (verdict.kind === 'accepted') this.#parts.host.prepare();
      const refusal = verdict.kind === 'refused' ? verdict : await this.#carryOutOrFail(command, verdict, publish);
      if (refusal !== null) return await this.#refuser.refuse(command.id, refusal, publish);
      if (verdict.kind === 'accepted') await this.#sender.deliver(verdict.action.id, publish);
    } catch (error) {
      if (isPublishError(error)) throw error;
      this.#parts.log.error({ reason: toMessage(error) }, 'could not handle a command');
      return this.#refuser.refuse(command.id, toUnhandled(command.envelope, toMessage(error)), publish);
    }
    // Another action often follows. Starting a process takes a while, and the report goes first.
    this.#parts.host.prepare();
  }

  /** An action that cannot be carried out is reported as failed. */
  async #carryOutOrFail(
    command: CommandMessage,
    verdict: AcceptedAction,
    publish: PublishReport,
  ): Promise<Refusal | null> {
    try {
      await this.#carryOut(command, verdict, publish);
      return null;
    } catch (error) {
      if (error instanceof RefusalError) return toRefusal(verdict, error.code, error.message);
      // 4.14: what cannot be written down is not done, or not told of.
      if (isUnwritable(error)) return toRefusal(verdict, 'state-unwritable', toMessage(error));
      this.#parts.log.error({ reason: toMessage(error) }, 'could not make a report');
      await this.#runner.reportFailed(verdict, `the agent could not make a report: ${toMessage(error)}`);
      return null;
    }
  }

  /** When this resolves the report is in the outbox. @throws RefusalError */
  async #carryOut(
    { id: command, envelope }: CommandMessage,
    verdict: AcceptedAction,
    publish: PublishReport,
  ): Promise<void> {
    const { verifier, ledger, outbox, host } = this.#parts;
    const { id, expireafter } = verdict.action;
    const running = this.#running.get(id);
    if (running !== undefined) return running.reported;
    const expiresMs = Date.parse(expireafter) + verifier.environment.limits.clockSkewSeconds * 1000;
    const state = ledger.stateOf(id, expiresMs);
    // 4.12: the action was not reported before.
    assertNotReplayed(state);
    if (state === 'taken') {
      if (outbox.get(id) === null) await this.#runner.reportInterrupted(verdict);
      return;
    }
    // 4.13: there is room for it.
    assertRoom(
      host.blocked,
      verdict.signers,
      [...this.#running.values()].map(({ signers }) => signers),
    );
    await this.#runOnce(verdict, envelope, expiresMs, () => this.#tellRunning(command, publish));
  }

  /** Verifies under the trust list that is in force when this resolves. */
  async #verify(envelope: Envelope): Promise<Verdict> {
    // OpenPGP is 8 MB of memory and a third of the time to start: it is loaded with the first action.
    const { verifyAction } = await import('../verify/verify-action.ts');
    for (;;) {
      const trusting = this.#trusting;
      await trusting;
      const verdict = await verifyAction(this.#parts.verifier, envelope, Date.now());
      if (trusting === this.#trusting) return verdict;
    }
  }

  /** Stops the actions that would be refused now. Their findings stay here. */
  async #stopRevoked(): Promise<void> {
    const { verifyAction } = await import('../verify/verify-action.ts');
    for (const { cancellation, revocation, envelope, expiresMs } of this.#running.values()) {
      // That its time has run out meanwhile must not hide that the right is gone.
      const verdict = await verifyAction(this.#parts.verifier, envelope, Math.min(Date.now(), expiresMs));
      if (verdict.kind !== 'refused' || !rightIsGone.has(verdict.code)) continue;
      revocation.abort();
      cancellation.abort();
    }
  }

  /** Check 4.1: a message that is larger than any honest relay sends was thrown away unread. */
  refuseOversized(sizeBytes: number): void {
    this.#refuser.recordOversized(sizeBytes);
  }

  /** Nothing is refused or sent after this. */
  close(): void {
    this.#sender.close();
    this.#refuser.close();
  }

  /** Sends what was left unconfirmed when the link or the agent went down. Never rejects. */
  flush(publish: PublishReport): Promise<void> {
    return this.#sender.flush(publish);
  }

  /** Stops work; who asks for it could have withheld the action, so it needs no signature. */
  #cancel(action: ActionId): void {
    const running = this.#running.get(action);
    if (running !== undefined) {
      running.cancellation.abort();
      return;
    }
    this.#cancelled.add(action);
    const [oldest] = this.#cancelled;
    if (oldest !== undefined && this.#cancelled.size > maximumCancelled) this.#cancelled.delete(oldest);
  }

  #tellRunning(command: CommandId, publish: PublishReport): void {
    // Nobody waits for it: the report follows, whatever becomes of this message.
    publish(toRunningMessage(this.#parts.speaker, command)).catch(() => {});
  }

  /** A list that is taken stops what it revokes, and the next heartbeat tells of it at once. */
  async #trust(envelope: TrustEnvelope): Promise<void> {
    if (!(await takeTrustList(this.#parts, this.#refuser, envelope))) return;
    await this.#stopRevoked();
    this.onNews?.();
  }

  #runOnce(verdict: AcceptedAction, envelope: Envelope, expiresMs: number, tellRunning: () => void): Promise<void> {
    const { id } = verdict.action;
    this.#parts.ledger.take(id, expiresMs);
    const cancellation = new AbortController();
    const revocation = new AbortController();
    if (this.#cancelled.delete(id)) cancellation.abort();
    const reported = this.#runner
      .run(verdict, { signal: cancellation.signal, revocation: revocation.signal }, tellRunning)
      .finally(() => this.#running.delete(id));
    this.#running.set(id, {
      reported,
      cancellation,
      revocation,
      expiresMs: Date.parse(verdict.action.expireafter),
      envelope,
      signers: verdict.signers,
    });
    return reported;
  }

  #noteDelivered(action: ActionId): void {
    this.reported.add(action, this.#parts.ledger.expiryOf(action) ?? Date.now());
    // Without it an action that comes again after a restart is reported as interrupted. The first report counts.
    writeIfPossible(this.#parts.log, () => this.#parts.ledger.markReported(action));
  }
}
