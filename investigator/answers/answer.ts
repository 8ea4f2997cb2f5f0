/** Checks 7.1 to 7.10 of docs/protocol.md, in their order: a report that fails one is not genuine, and nothing of it is shown. */
import type { Module } from '../../modules/kit/module.ts';
import type { Action } from '../../protocol/action/action.ts';
import {
  type AgentMessage,
  type ResultMessage,
  verifyAgentMessage,
} from '../../protocol/agent-message/agent-message.ts';
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import type { Report } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { type AgentId, commandIdOf } from '../../protocol/base/identifiers.ts';
import type { OperationResult, Result } from '../../protocol/result/result.ts';
import type { ResultOpener } from '../../protocol/result/sealed.ts';
import type { TrustStatus } from '../../protocol/trust/trust-status.ts';

/** Why a report is not taken for an answer; codes of agent-message.ts and sealed.ts come on top. */
type AnswerCode =
  | 'not-a-report'
  | 'other-agent'
  | 'other-action'
  | 'other-digest'
  | 'operations-mismatch'
  | 'elements-malformed';

export type Answer =
  | {
      readonly kind: 'result';
      readonly agent: AgentId;
      /** The agent's own name. Another agent can use it, but not the id. */
      readonly name: string;
      /** Undefined in an answer of an earlier agent, as the time is. */
      readonly tags?: Readonly<Record<string, string>>;
      /** When it was written, by the agent's clock. */
      readonly time?: string;
      readonly state: ResultMessage['state'];
      readonly operations: readonly OperationResult[];
      /** The trust list that it goes by; absent when it knows only whom it was built with. */
      readonly trust?: TrustStatus;
    }
  | {
      readonly kind: 'refusal';
      readonly agent: AgentId;
      readonly code: RefusalCode;
      /** The agent got other bytes than were signed: somebody changed them on the way. */
      readonly altered: boolean;
    };

export type ResultAnswer = Extract<Answer, { kind: 'result' }>;
export type RefusalAnswer = Extract<Answer, { kind: 'refusal' }>;

/** The action that answers must fit. */
export interface Expected {
  readonly action: Action;
  /** SHA-256 of the signed bytes. */
  readonly digest: string;
  readonly opener: ResultOpener;
  readonly modules: ReadonlyMap<string, Module>;
}

function refuse(code: AnswerCode, message: string): never {
  throw new CodedError<AnswerCode>(code, message);
}

/** An answer whose seal is not broken yet, or a refusal, which has none. */
export type VerifiedReport = { readonly kind: 'sealed'; readonly message: ResultMessage } | RefusalAnswer;

/**
 * Verifies a report. Nothing that the relay says of it is believed.
 * @throws CodedError of AnswerCode or AgentMessageCode
 */
export function verifyReport(report: Report, expected: Expected): VerifiedReport {
  // 7.1: the signature of the agent holds, and the form is right.
  const message: AgentMessage = verifyAgentMessage(Buffer.from(report.message, 'base64'));
  // 7.2: it is the kind of report that the relay announced.
  if ((message.kind !== 'result' && message.kind !== 'refusal') || message.kind !== report.kind)
    refuse('not-a-report', `expected a ${report.kind}, got a ${message.kind}`);
  // 7.3: it is of the agent that the relay announced.
  if (message.agent !== report.agent) refuse('other-agent', `expected the answer of agent ${report.agent}`);
  // 7.4: command and action are those that were asked.
  if (message.command !== commandIdOf(expected.action.id, message.agent))
    refuse('other-action', 'expected an answer to this action');
  if (message.kind === 'result' && message.action !== expected.action.id)
    refuse('other-action', 'expected an answer to this action');
  // 7.5: it is about the signed bytes; a refusal may be about altered ones, and says so.
  const altered = message.actiondigest !== expected.digest;
  if (message.kind === 'refusal') return { kind: 'refusal', agent: message.agent, code: message.code, altered };
  if (altered) refuse('other-digest', 'expected an answer to the signed bytes of this action');
  return { kind: 'sealed', message };
}

/**
 * Opens what an agent has sealed.
 * @param maximumBytes plain: what is larger is left for a process of its own, `result-large`.
 * @throws CodedError of AnswerCode or SealCode
 */
export function openResult(
  { agent, sealed }: Pick<ResultMessage, 'agent' | 'sealed'>,
  expected: Expected,
  maximumBytes?: number,
): Result {
  const { action, digest, opener } = expected;
  // 7.6: the seal opens with the reply key, for this action and agent.
  // 7.7: what is in it is a result of this agent for this action.
  const result = opener.open(sealed, { action: action.id, agent }, maximumBytes);
  // 7.8: the result itself is about the signed bytes.
  if (result.actiondigest !== digest) refuse('other-digest', 'expected an answer to the signed bytes of this action');
  return { ...result, operations: toFormed(result, expected) };
}

/** Elements that are not null have the form that their module declares: those who print them need not look again. */
function toFormed(result: Result, expected: Expected): OperationResult[] {
  const { operations } = expected.action;
  // 7.9: there are as many operations as were asked.
  if (result.operations.length !== operations.length)
    refuse('operations-mismatch', `expected ${operations.length} operations, got ${result.operations.length}`);
  return result.operations.map((operation, index) => {
    const module = expected.modules.get(operations[index]?.module ?? '');
    // 7.10: what was found has the form that its module declares.
    if (module?.elements.safeParse(operation.elements).success ?? true) return operation;
    if (operation.success) refuse('elements-malformed', 'expected elements in the form of their module');
    // An operation that failed may have nothing to show; it is printed by its errors alone.
    return { ...operation, elements: null };
  });
}

export function toAnswer(
  { agent, state }: ResultMessage,
  { agent: { name, tags }, time, operations, trust }: Result,
): ResultAnswer {
  return {
    kind: 'result',
    agent,
    name,
    state,
    operations,
    ...(tags === undefined ? {} : { tags }),
    ...(time === undefined ? {} : { time }),
    ...(trust === undefined ? {} : { trust }),
  };
}
