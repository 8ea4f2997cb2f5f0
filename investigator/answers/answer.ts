/** What a report must be before anything of it is shown: read top to bottom, one check after the other. */
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
export type AnswerCode =
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
      /** As the agent calls itself; its id is what cannot be borrowed. */
      readonly name: string;
      readonly state: ResultMessage['state'];
      readonly operations: readonly OperationResult[];
      /** The trust list that it goes by; absent when it knows only whom it was built with. */
      readonly trust?: TrustStatus;
    }
  | {
      readonly kind: 'refusal';
      readonly agent: AgentId;
      readonly code: RefusalCode;
      /** What the agent was given is not what was signed: somebody changed it on the way. */
      readonly altered: boolean;
    };

export type ResultAnswer = Extract<Answer, { kind: 'result' }>;
export type RefusalAnswer = Extract<Answer, { kind: 'refusal' }>;

/** What the answers are held against. */
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

function assertElements(result: Result, expected: Expected): void {
  const { operations } = expected.action;
  if (result.operations.length !== operations.length)
    refuse('operations-mismatch', `expected ${operations.length} operations, got ${result.operations.length}`);
  for (const [index, operation] of result.operations.entries()) {
    const module = expected.modules.get(operations[index]?.module ?? '');
    const fits = module?.elements.safeParse(operation.elements).success ?? true;
    // An operation that failed may have nothing to show; it is printed by its errors alone.
    if (!fits && operation.success) refuse('elements-malformed', 'expected elements in the form of their module');
  }
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
  const result = opener.open(sealed, { action: action.id, agent }, maximumBytes);
  if (result.actiondigest !== digest) refuse('other-digest', 'expected an answer to the signed bytes of this action');
  assertElements(result, expected);
  return result;
}

export function toAnswer(
  { agent, state }: ResultMessage,
  { agent: { name }, operations, trust }: Result,
): ResultAnswer {
  return { kind: 'result', agent, name, state, operations, ...(trust === undefined ? {} : { trust }) };
}

/** An answer whose seal is not broken yet, or a refusal, which has none. */
export type Verified = { readonly kind: 'sealed'; readonly message: ResultMessage } | RefusalAnswer;

/**
 * Verifies a report. Nothing that the relay says of it is believed.
 * @throws CodedError of AnswerCode or AgentMessageCode
 */
export function verifyReport(report: Report, expected: Expected): Verified {
  const message: AgentMessage = verifyAgentMessage(Buffer.from(report.message, 'base64'));
  if ((message.kind !== 'result' && message.kind !== 'refusal') || message.kind !== report.kind)
    refuse('not-a-report', `expected a ${report.kind}, got a ${message.kind}`);
  if (message.agent !== report.agent) refuse('other-agent', `expected the answer of agent ${report.agent}`);
  if (message.command !== commandIdOf(expected.action.id, message.agent))
    refuse('other-action', 'expected an answer to this action');
  const altered = message.actiondigest !== expected.digest;
  if (message.kind === 'refusal') return { kind: 'refusal', agent: message.agent, code: message.code, altered };
  if (altered) refuse('other-digest', 'expected an answer to the signed bytes of this action');
  if (message.action !== expected.action.id) refuse('other-action', 'expected an answer to this action');
  return { kind: 'sealed', message };
}
