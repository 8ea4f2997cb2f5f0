/** What the agent does with one delivery: verify, record, run, seal, keep until the broker has confirmed the answer. */
import type { Logger } from 'pino';
import * as z from 'zod';
import type { Action } from '../protocol/action.ts';
import { toMessage } from '../protocol/coded-error.ts';
import { type ActionId, type CommandId, sha256Hex } from '../protocol/identifiers.ts';
import { maximumCommandBytes } from '../protocol/limits.ts';
import type { OperationResult, Result } from '../protocol/result.ts';
import { parseJson } from '../protocol/strict-json.ts';
import { CommandMessage } from '../protocol/topology.ts';
import { toRefusalMessage, toResultMessage } from './answer.ts';
import type { AuditLog } from './audit-log.ts';
import type { Identity } from './identity.ts';
import { failedOperation, type ModuleHost } from './module-host.ts';
import { toModuleLimits } from './module-limits.ts';
import type { Outbox } from './outbox.ts';
import type { ReplayLedger } from './replay-ledger.ts';
import { Semaphore } from './semaphore.ts';
import type { Refusal, Verdict, Verifier } from './verification.ts';

/** Resolves when the broker has confirmed the message. */
export type PublishReport = (message: Buffer) => Promise<void>;

export interface HandlerParts {
  readonly verifier: Verifier;
  readonly identity: Identity;
  readonly ledger: ReplayLedger;
  readonly audit: AuditLog;
  readonly outbox: Outbox;
  readonly host: ModuleHost;
  readonly log: Logger;
}

type Accepted = Extract<Verdict, { kind: 'accepted' }>;

function toRefusal({ action, digest }: Accepted, code: Refusal['code'], detail: string): Refusal {
  return { kind: 'refused', code, detail, action: action.id, digest };
}

export class CommandHandler {
  readonly #parts: HandlerParts;
  readonly #places: Semaphore;
  /** Resolves when the answer is in the outbox; a second delivery of a running action waits for the first one's. */
  readonly #running = new Map<ActionId, Promise<void>>();

  constructor(parts: HandlerParts) {
    this.#parts = parts;
    this.#places = new Semaphore(parts.verifier.environment.limits.parallelModules);
  }

  /** When this resolves the delivery may be acknowledged: what it asked for is safe. Rejects when the link is lost. */
  async handle(body: Buffer, publish: PublishReport): Promise<void> {
    const command = this.#parseCommand(body);
    if (command === null) return;
    this.#parts.host.prepare();
    const { verifier, ledger } = this.#parts;
    // Not before there is something to verify: OpenPGP is 8 MB of memory and a third of the time to start.
    const { verifyAction } = await import('./verification.ts');
    const verdict = await verifyAction(verifier, command.envelope, Date.now());
    if (verdict.kind === 'refused') return this.#refuse(command.id, verdict, publish);
    const { id, expireafter } = verdict.action;
    const expiresMs = Date.parse(expireafter) + verifier.environment.limits.clockSkewSeconds * 1000;
    const running = this.#running.get(id);
    if (running !== undefined) await running;
    else
      switch (ledger.stateOf(id, expiresMs)) {
        case 'new':
          await this.#runOnce(verdict, expiresMs);
          break;
        case 'taken':
          if (this.#parts.outbox.get(id) === null) await this.#answerInterrupted(verdict);
          break;
        case 'answered':
          return this.#refuse(command.id, toRefusal(verdict, 'replayed', 'the answer has been delivered'), publish);
        case 'forgotten':
          return this.#refuse(command.id, toRefusal(verdict, 'expired', 'this clock has been later than now'), publish);
      }
    await this.#deliver(id, publish);
  }

  /** Sends what was left unconfirmed when the link or the agent went down. */
  async flush(publish: PublishReport): Promise<void> {
    for (const action of this.#parts.outbox.actions()) await this.#deliver(action, publish);
  }

  #parseCommand(body: Buffer): CommandMessage | null {
    let why: string;
    try {
      const parsed = CommandMessage.safeParse(parseJson(body, { maxBytes: maximumCommandBytes }));
      if (parsed.success) return parsed.data;
      why = z.prettifyError(parsed.error);
    } catch (error) {
      why = toMessage(error);
    }
    this.#recordRefusal({ code: 'malformed', detail: why, action: null, digest: sha256Hex(body) });
    return null;
  }

  #recordRefusal({ code, detail, action, digest }: Omit<Refusal, 'kind'>): void {
    this.#parts.audit.record({ kind: 'refused', action, actiondigest: digest, code, detail: detail.slice(0, 2000) });
    this.#parts.log.warn({ action, code }, 'refused a command');
  }

  async #refuse(command: CommandId, refusal: Refusal, publish: PublishReport): Promise<void> {
    this.#recordRefusal(refusal);
    await publish(toRefusalMessage(this.#parts.identity, command, refusal));
  }

  #runOnce(verdict: Accepted, expiresMs: number): Promise<void> {
    const { id } = verdict.action;
    this.#parts.ledger.take(id, expiresMs);
    const running = this.#run(verdict).finally(() => this.#running.delete(id));
    this.#running.set(id, running);
    return running;
  }

  async #run(verdict: Accepted): Promise<void> {
    const { action, signers, keys } = verdict;
    this.#parts.audit.record({
      kind: 'accepted',
      action: action.id,
      name: action.name,
      target: action.target,
      signers: [...signers],
      keys: [...keys],
      operations: action.operations,
    });
    const operations: OperationResult[] = [];
    for (const [index, { module }] of action.operations.entries())
      operations.push(
        await this.#places.run(() => this.#runOperation(module, verdict.parameters[index], action.limits)),
      );
    await this.#answer(verdict, operations);
  }

  #runOperation(module: string, parameters: unknown, asked: Action['limits']): Promise<OperationResult> {
    const limits = toModuleLimits(this.#parts.verifier.environment.limits, asked);
    return this.#parts.host.run(module, parameters, limits);
  }

  /** The agent was stopped between taking the action and answering it. */
  #answerInterrupted(verdict: Accepted): Promise<void> {
    const message = 'the agent was stopped while it ran this; it does not run an action twice';
    return this.#answer(
      verdict,
      verdict.action.operations.map(() => failedOperation(message)),
    );
  }

  async #answer(verdict: Accepted, operations: readonly OperationResult[]): Promise<void> {
    const { identity, audit, outbox, verifier, host } = this.#parts;
    const { action, digest } = verdict;
    const result: Result = {
      agent: { id: identity.id, name: verifier.readFacts().name },
      action: action.id,
      actiondigest: digest,
      operations: [...operations],
    };
    const { state, message } = toResultMessage(identity, result, action.replykey);
    outbox.put(action.id, message);
    audit.record({
      kind: 'answered',
      action: action.id,
      state,
      foundanything: operations.some(({ foundanything }) => foundanything),
      sealedbytes: message.length,
      cpums: operations.reduce((sum, { receipt }) => sum + receipt.cost.cpums, 0),
      wallms: operations.reduce((sum, { receipt }) => sum + receipt.cost.wallms, 0),
    });
    host.prepare();
  }

  async #deliver(action: ActionId, publish: PublishReport): Promise<void> {
    const message = this.#parts.outbox.get(action);
    if (message === null) return;
    await publish(message);
    this.#parts.ledger.markAnswered(action);
    this.#parts.outbox.delete(action);
  }
}
