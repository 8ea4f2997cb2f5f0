/** Runs an accepted action, operation by operation. The report goes into the outbox, what it says into the audit log. */

import type { RunsModules } from '../../modules/host/module-host.ts';
import { type CountedResult, cancelledOperation, failedOperation } from '../../modules/host/module-outcome.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { maximumResultBytes } from '../../protocol/base/limits.ts';
import { Semaphore } from '../../protocol/base/semaphore.ts';
import { lesserDisclosure } from '../../protocol/environment/disclosure.ts';
import type { OperationResult, Result, SkipReason } from '../../protocol/result/result.ts';
import type { AuditEvent, AuditLog } from '../state/audit-log.ts';
import type { Outbox, ReportHead } from '../state/outbox.ts';
import type { TrustStore } from '../state/trust-store.ts';
import { withoutNames } from '../verify/privacy.ts';
import type { AcceptedAction, CheckedOperation, CheckedQuestion } from '../verify/verdict.ts';
import type { Verifier } from '../verify/verifier.ts';
import { toModuleLimits } from './module-limits.ts';
import { joinRules, ownRules, type ProtectedQuestions, type ProtectionRules, toProtectionRules } from './protection.ts';
import { type Speaker, toResultReport } from './report.ts';

export interface RunnerParts {
  readonly verifier: Verifier;
  readonly speaker: Speaker;
  readonly audit: AuditLog;
  readonly outbox: Outbox;
  readonly host: RunsModules;
  readonly trust: TrustStore;
  readonly protectedQuestions: ProtectedQuestions;
  /** Real path of the folder whose content nobody is told. */
  readonly stateDirectory: string;
}

/** What stops the work on an action. */
export interface Stops {
  /** By whoever cancels it, or by a revocation. */
  readonly signal: AbortSignal;
  /** A trust list has taken the right to it away: nothing that was found leaves, also when it was cancelled before. */
  readonly revocation: AbortSignal;
}

type ProtectedEvent = Pick<
  Extract<AuditEvent, { kind: 'reported' }>,
  'protectedquestions' | 'protectedleft' | 'protectedskipped'
>;

/** Both are about protected things. */
const protectedReasons: ReadonlySet<SkipReason> = new Set(['protected', 'question-limit']);

function countProtected({ receipt }: OperationResult): number {
  return receipt.skipped.reduce((sum, { reason, count }) => (protectedReasons.has(reason) ? sum + count : sum), 0);
}

/** Findings do not go to a person who may not ask any more. */
function withhold({ questions }: CountedResult): CountedResult {
  return { result: failedOperation('revoked by a trust list while it was carried out', 'cancelled'), questions };
}

/** Of each module the question that tells most: its rules hold for all of them. */
function mostTelling(questions: readonly CheckedQuestion[]): CheckedQuestion[] {
  const most = new Map<string, CheckedQuestion>();
  for (const question of questions) {
    const before = most.get(question.module);
    const tellsLess =
      before !== undefined && lesserDisclosure(before.disclosure, question.disclosure) === question.disclosure;
    if (!tellsLess) most.set(question.module, question);
  }
  return [...most.values()];
}

/** No room for the result of an operation: those before it have used it up. */
const leastResultBytes = 1024;

function noRoom(): OperationResult {
  const why = `the results of the operations before are ${maximumResultBytes} bytes, as much as one report may have`;
  return failedOperation(why, 'result-size');
}

/** Shorter work is not worth a message that it runs. */
const runningAfterMs = 1000;

export class ActionRunner {
  readonly #parts: RunnerParts;
  readonly #places: Semaphore;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#places = new Semaphore(parts.verifier.environment.limits.parallelModules);
  }

  /** When this resolves the report is in the outbox. `tellRunning` is called once, when the work takes long. */
  async run(verdict: AcceptedAction, { signal, revocation }: Stops, tellRunning: () => void): Promise<void> {
    const { action, signers, keys } = verdict;
    this.#parts.audit.record({
      kind: 'accepted',
      action: action.id,
      name: action.name,
      target: action.target,
      signers: [...signers],
      keys: [...keys],
      operations: action.operations,
      replykey: action.replykey,
      readers: action.readers,
    });
    const done: CountedResult[] = [];
    let leftBytes = maximumResultBytes;
    let timer: NodeJS.Timeout | undefined;
    for (const operation of verdict.operations) {
      const run = (): Promise<CountedResult> => {
        timer ??= setTimeout(tellRunning, runningAfterMs);
        return this.#runOperation(operation, verdict, leftBytes, signal);
      };
      const one = (await this.#places.runUnlessAborted(run, signal)) ?? { result: cancelledOperation(), questions: 0 };
      leftBytes -= Buffer.byteLength(JSON.stringify(one.result));
      done.push(one);
    }
    clearTimeout(timer);
    await this.#report(verdict, revocation.aborted ? done.map(withhold) : done);
  }

  async #runOperation(
    operation: CheckedOperation,
    { action, signers }: AcceptedAction,
    leftBytes: number,
    signal: AbortSignal,
  ): Promise<CountedResult> {
    const { verifier, host, protectedQuestions, stateDirectory } = this.#parts;
    const { module, parameters } = operation;
    const limits = toModuleLimits(verifier.environment.limits, action.limits, leftBytes);
    if (limits.resultBytes < leastResultBytes) return { result: noRoom(), questions: 0 };
    const { acl } = this.#parts.trust.current(Date.now());
    const environment = { acl, protected: verifier.environment.protected };
    const toRules = (question: CheckedQuestion): ProtectionRules =>
      joinRules(
        ownRules(stateDirectory),
        toProtectionRules(environment, question.module, question.disclosure, new Set(signers)),
      );
    const own = toRules(operation);
    const inner = Object.fromEntries(mostTelling(operation.inner).map((one) => [one.module, toRules(one)]));
    const mayRead = [own, ...Object.values(inner)].some(({ rules, contents }) =>
      [...rules, ...contents].some((rule) => rule.mayRead),
    );
    const reserved = mayRead ? protectedQuestions.reserve(Date.now()) : 0;
    const protection = { ...own, inner, questions: reserved };
    const { result, questions } = await host.run(module, parameters, limits, protection, signal);
    protectedQuestions.settle(reserved, questions, Date.now());
    return { result: verifier.environment.extraPrivacy ? withoutNames(result) : result, questions };
  }

  #toProtectedEvent(done: readonly CountedResult[]): ProtectedEvent {
    const questions = done.reduce((sum, one) => sum + one.questions, 0);
    const skipped = done.reduce((sum, { result }) => sum + countProtected(result), 0);
    const protectedleft = this.#parts.protectedQuestions.left(Date.now());
    return {
      ...(questions === 0 ? {} : { protectedquestions: questions, protectedleft }),
      ...(skipped === 0 ? {} : { protectedskipped: skipped }),
    };
  }

  /** The agent was stopped between taking the action and reporting on it. */
  reportInterrupted(verdict: AcceptedAction): Promise<void> {
    return this.reportFailed(verdict, 'the agent was stopped while it ran this; it does not run an action twice');
  }

  /** Whatever was found stays here. When this resolves a report that says why is in the outbox. */
  async reportFailed(verdict: AcceptedAction, why: string): Promise<void> {
    const failed = { result: failedOperation(why), questions: 0 };
    await this.#report(
      verdict,
      verdict.action.operations.map(() => failed),
    );
  }

  /** In place of a report in the outbox that the broker does not take. */
  makeFailed(head: ReportHead, why: string): Buffer {
    const operation = failedOperation(why, 'result-size');
    const operations = Array.from({ length: head.operations }, () => operation);
    return toResultReport(this.#parts.speaker, this.#toResult(head, operations), head.replykey).message;
  }

  #toResult({ action, actiondigest }: ReportHead, operations: OperationResult[]): Result {
    const { speaker, verifier, trust } = this.#parts;
    const { name, tags } = verifier.readFacts();
    return {
      agent: { id: speaker.id, name, tags },
      time: toInstant(Date.now()),
      ...(trust.status === null ? {} : { trust: trust.status }),
      action,
      actiondigest,
      operations,
    };
  }

  async #report(verdict: AcceptedAction, done: readonly CountedResult[]): Promise<void> {
    const { speaker, audit, outbox } = this.#parts;
    const { action, digest } = verdict;
    const operations = done.map((one) => one.result);
    const head: ReportHead = {
      action: action.id,
      actiondigest: digest,
      replykey: action.replykey,
      operations: operations.length,
      expiresMs: Date.parse(action.expireafter),
    };
    const { state, message } = toResultReport(speaker, this.#toResult(head, operations), action.replykey);
    outbox.put(head, message);
    try {
      audit.record({
        kind: 'reported',
        action: action.id,
        state,
        foundanything: operations.some(({ foundanything }) => foundanything),
        ...this.#toProtectedEvent(done),
        sealedbytes: message.length,
        cpums: operations.reduce((sum, { receipt }) => sum + receipt.cost.cpums, 0),
        wallms: operations.reduce((sum, { receipt }) => sum + receipt.cost.wallms, 0),
      });
    } catch (error) {
      // A report that the owner cannot read of does not leave.
      outbox.delete(action.id);
      throw error;
    }
  }
}
