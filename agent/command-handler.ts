/** What the agent does with one delivery: verify, have it run once, keep the answer until the broker has confirmed it. */
import type { Logger } from 'pino';
import * as z from 'zod';
import { toMessage } from '../protocol/coded-error.ts';
import type { Envelope } from '../protocol/envelope.ts';
import { type ActionId, type CommandId, sha256Hex } from '../protocol/identifiers.ts';
import { maximumCommandBytes, maximumCommandValues } from '../protocol/limits.ts';
import type { RefusalCode } from '../protocol/refusal.ts';
import { parseJson } from '../protocol/strict-json.ts';
import { CancelMessage, CommandMessage, TrustMessage } from '../protocol/topology.ts';
import type { TrustEnvelope } from '../protocol/trust-list.ts';
import { type Accepted, ActionRunner, type RunnerParts, revoked } from './action-runner.ts';
import { toRefusalMessage, toRunningMessage } from './answer.ts';
import { AnsweredCommands } from './answered-commands.ts';
import { isUnwritable } from './durable-file.ts';
import { RefusalsTold } from './refusals-told.ts';
import type { ReplayLedger } from './replay-ledger.ts';
import type { Refusal, Verdict } from './verification.ts';

/** Resolves when the broker has confirmed the message. */
export type PublishReport = (message: Buffer) => Promise<void>;

export interface HandlerParts extends RunnerParts {
  readonly ledger: ReplayLedger;
  readonly log: Logger;
}

const QueueMessage = z.union([CommandMessage, CancelMessage, TrustMessage]);

function toRefusal({ action, digest }: Accepted, code: Refusal['code'], detail: string): Refusal {
  return { kind: 'refused', code, detail, action: action.id, digest };
}

interface Running {
  /** Resolves when the answer is in the outbox; a second delivery of the same action waits for it. */
  readonly answered: Promise<void>;
  readonly cancellation: AbortController;
  /** As it was taken, to be held against a later trust list. */
  readonly envelope: Envelope;
}

/** Why an action that was taken would not be taken any more, once the right to it is gone; its time may run out meanwhile. */
const rightIsGone: ReadonlySet<RefusalCode> = new Set([
  'key-revoked',
  'action-revoked',
  'unknown-signer',
  'insufficient-weight',
]);

const maximumCancelled = 1000;

export class CommandHandler {
  readonly #parts: HandlerParts;
  readonly #runner: ActionRunner;
  readonly #refusals: RefusalsTold;
  readonly #running = new Map<ActionId, Running>();
  /** Lists that came before an action are looked at before it. */
  #trusting: Promise<void> = Promise.resolve();
  /** Cancellations that came before their command; the oldest are forgotten. */
  readonly #cancelled = new Set<ActionId>();

  /** For the heartbeats to tell of. */
  readonly answered: AnsweredCommands;
  /** Called when there is something to tell before the next heartbeat is due. */
  onNews: (() => void) | null = null;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
    this.#runner = new ActionRunner(parts);
    this.#refusals = new RefusalsTold(parts.audit);
    this.answered = new AnsweredCommands(parts.speaker.id);
    for (const { action, expiresMs } of parts.ledger.answered()) this.answered.add(action, expiresMs);
  }

  /** When this resolves the delivery may be acknowledged: what it asked for is safe. Rejects when the link is lost. */
  async handle(body: Buffer, publish: PublishReport): Promise<void> {
    const command = this.#parse(body);
    if (command === null) return;
    if ('cancel' in command) return this.#cancel(command.cancel);
    if ('trust' in command) {
      const done = this.#trusting.then(() => this.#trust(command.trust));
      this.#trusting = done.catch(() => {});
      return done;
    }
    this.#parts.host.prepare();
    const verdict = await this.#verify(command.envelope);
    if (verdict.kind === 'refused') return this.#refuse(command.id, verdict, publish);
    const refusal = await this.#answer(command, verdict, publish).catch((error: unknown) => {
      // What cannot be written down is not done, or not told of.
      if (isUnwritable(error)) return toRefusal(verdict, 'state-unwritable', toMessage(error));
      throw error;
    });
    if (refusal !== null) return this.#refuse(command.id, refusal, publish);
    await this.#deliver(verdict.action.id, publish);
    // Another question often follows; starting a process takes a while, and the answer goes first.
    this.#parts.host.prepare();
  }

  /** When this resolves to null the answer is in the outbox. */
  async #answer({ id: command, envelope }: CommandMessage, verdict: Accepted, publish: PublishReport) {
    const { verifier, ledger, outbox } = this.#parts;
    const { id, expireafter } = verdict.action;
    const expiresMs = Date.parse(expireafter) + verifier.environment.limits.clockSkewSeconds * 1000;
    const running = this.#running.get(id);
    if (running !== undefined) await running.answered;
    else
      switch (ledger.stateOf(id, expiresMs)) {
        case 'new':
          await this.#runOnce(verdict, envelope, expiresMs, () => this.#reportRunning(command, publish));
          break;
        case 'taken':
          if (outbox.get(id) === null) await this.#runner.answerInterrupted(verdict);
          break;
        case 'answered':
          return toRefusal(verdict, 'replayed', 'the answer has been delivered');
        case 'forgotten':
          return toRefusal(verdict, 'expired', 'this clock has been later than now');
      }
    return null;
  }

  /** By the trust list that is in force when this resolves. */
  async #verify(envelope: Envelope): Promise<Verdict> {
    // Not before there is something to verify: OpenPGP is 8 MB of memory and a third of the time to start.
    const { verifyAction } = await import('./verification.ts');
    for (;;) {
      const trusting = this.#trusting;
      await trusting;
      const verdict = await verifyAction(this.#parts.verifier, envelope, Date.now());
      if (trusting === this.#trusting) return verdict;
    }
  }

  /** What would be refused now is stopped, and what it has found stays here. */
  async #stopRevoked(): Promise<void> {
    const { verifyAction } = await import('./verification.ts');
    for (const { cancellation, envelope } of this.#running.values()) {
      const verdict = await verifyAction(this.#parts.verifier, envelope, Date.now());
      if (verdict.kind === 'refused' && rightIsGone.has(verdict.code)) cancellation.abort(revoked);
    }
  }

  /** What came was larger than anything that an honest relay sends, and was thrown away unread. */
  refuseOversized(sizeBytes: number): void {
    const detail = `a message of ${sizeBytes} bytes, at most ${maximumCommandBytes} are taken`;
    this.#recordRefusal({ code: 'malformed', detail, action: null, digest: null });
  }

  /** Nothing is refused after this. */
  close(): void {
    this.#writeIfPossible(() => this.#refusals.tellRest());
  }

  /** For what a full disk does not hold up. */
  #writeIfPossible(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      this.#parts.log.error({ reason: toMessage(error) }, 'could not write into the state folder');
    }
  }

  /** Sends what was left unconfirmed when the link or the agent went down. */
  async flush(publish: PublishReport): Promise<void> {
    for (const action of this.#parts.outbox.actions()) await this.#deliver(action, publish);
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

  #reportRunning(command: CommandId, publish: PublishReport): void {
    // Nobody waits for it: the answer follows, whatever becomes of this message.
    publish(toRunningMessage(this.#parts.speaker, command)).catch(() => {});
  }

  /** A list that was taken is told of at once; what it revokes is stopped. One that cannot be kept is sent again. */
  async #trust(envelope: TrustEnvelope): Promise<void> {
    const { trust, audit, log } = this.#parts;
    const outcome = await trust.receive(envelope, Date.now()).catch((error: unknown) => {
      if (!isUnwritable(error)) throw error;
      log.error({ reason: toMessage(error) }, 'could not keep a trust list');
      return { kind: 'known' } as const;
    });
    if (outcome.kind === 'known') return;
    if (outcome.kind === 'refused') {
      const { code, detail } = outcome;
      this.#writeIfPossible(() => this.#refusals.record({ kind: 'distrusted', code, detail }, Date.now()));
      log.warn({ code: outcome.code }, 'refused a trust list');
      return;
    }
    const { version, signers } = outcome;
    const expires = trust.status?.expires ?? '';
    this.#writeIfPossible(() => audit.record({ kind: 'trusted', version, signers: [...signers], expires }));
    log.info({ version }, 'took a trust list');
    await this.#stopRevoked();
    this.onNews?.();
  }

  #parse(body: Buffer): z.infer<typeof QueueMessage> | null {
    let why: string;
    try {
      const parsed = QueueMessage.safeParse(
        parseJson(body, { maxBytes: maximumCommandBytes, maxValues: maximumCommandValues }),
      );
      if (parsed.success) return parsed.data;
      why = z.prettifyError(parsed.error);
    } catch (error) {
      why = toMessage(error);
    }
    this.#recordRefusal({ code: 'malformed', detail: why, action: null, digest: sha256Hex(body) });
    return null;
  }

  #recordRefusal({ code, detail, action, digest }: Omit<Refusal, 'kind' | 'digest'> & { digest: string | null }): void {
    const event = { kind: 'refused', action, actiondigest: digest, code, detail } as const;
    this.#writeIfPossible(() => this.#refusals.record(event, Date.now()));
    this.#parts.log.warn({ action, code }, 'refused a command');
  }

  async #refuse(command: CommandId, refusal: Refusal, publish: PublishReport): Promise<void> {
    this.#recordRefusal(refusal);
    await publish(toRefusalMessage(this.#parts.speaker, command, refusal));
  }

  #runOnce(verdict: Accepted, envelope: Envelope, expiresMs: number, reportRunning: () => void): Promise<void> {
    const { id } = verdict.action;
    this.#parts.ledger.take(id, expiresMs);
    const cancellation = new AbortController();
    if (this.#cancelled.delete(id)) cancellation.abort();
    const answered = this.#runner
      .run(verdict, cancellation.signal, reportRunning)
      .finally(() => this.#running.delete(id));
    this.#running.set(id, { answered, cancellation, envelope });
    return answered;
  }

  async #deliver(action: ActionId, publish: PublishReport): Promise<void> {
    const message = this.#parts.outbox.get(action);
    if (message === null) return;
    await publish(message);
    this.answered.add(action, this.#parts.ledger.expiryOf(action) ?? Date.now());
    // Not written down, the answer to who asks again after a restart is that it was interrupted; the first one counts.
    this.#writeIfPossible(() => this.#parts.ledger.markAnswered(action));
    this.#parts.outbox.delete(action);
  }
}
