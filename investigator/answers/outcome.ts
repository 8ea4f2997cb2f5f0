/** The outcome of an investigation: how complete the answers are. */
import type { Action, Operation } from '../../protocol/action/action.ts';
import type { Counts } from '../../protocol/api/api.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { type OperationResult, outOfScopeReasons } from '../../protocol/result/result.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { RefusalAnswer, ResultAnswer } from './answer.ts';
import type { NotGenuineReports } from './not-genuine.ts';

/** The action that was asked, or the same question to this machine alone. */
export type AskedQuestion =
  | Action
  | { readonly name: string; readonly target: string; readonly operations: readonly Operation[] };

/** An agent without an answer, as the relay names it. */
interface SilentAgent {
  readonly agent: AgentId;
  readonly name: string;
  readonly state: keyof Counts;
}

/** What only the relay says, without a proof: names of agents that gave no answer in which they name themselves. */
export interface RelayNames {
  /** Those that the relay names; `completeness.silent` counts them all. */
  readonly silent: readonly SilentAgent[];
  /** Names of some agents that refused, or whose answers were not genuine. */
  readonly names: ReadonlyMap<AgentId, string>;
}

export const noRelayNames: RelayNames = { silent: [], names: new Map() };

/** How many agents answered and how; each is counted once. */
interface Completeness {
  readonly fully: number;
  readonly partly: number;
  /** Somebody had the agent stop: it has not looked at all that was asked. */
  readonly stopped: number;
  readonly refused: number;
  readonly failed: number;
  /** No report: offline, expired, cancelled, or withheld by the relay. */
  readonly silent: number;
  readonly notgenuine: number;
  /** Sums by kind: files, directories, bytes. */
  readonly examined: Readonly<Record<string, number>>;
}

/** All but the results themselves, which have been printed as they came. */
export interface Outcome extends RelayNames {
  readonly asked: AskedQuestion;
  readonly counts: Counts;
  readonly completeness: Completeness;
  /** Agents that found something. */
  readonly found: number;
  readonly refusals: readonly RefusalAnswer[];
  /** Further deliveries that an agent refused beside its result; they change nothing about it. */
  readonly repeats: readonly RefusalAnswer[];
  readonly notGenuine: NotGenuineReports;
}

export type Grade = 'fully' | 'partly' | 'stopped' | 'failed';

function isComplete(operation: OperationResult): boolean {
  const { cutshort, skipped } = operation.receipt;
  return cutshort === null && skipped.every(({ reason, count }) => count === 0 || outOfScopeReasons.has(reason));
}

function isStopped({ state, operations }: ResultAnswer): boolean {
  return state === 'cancelled' || operations.some(({ receipt }) => receipt.cutshort === 'cancelled');
}

export function gradeOf(result: ResultAnswer): Grade {
  if (isStopped(result)) return 'stopped';
  if (result.state === 'failed' || result.operations.some(({ success }) => !success)) return 'failed';
  return result.operations.every(isComplete) ? 'fully' : 'partly';
}

export function hasFound(result: ResultAnswer): boolean {
  return result.operations.some((operation) => operation.foundanything);
}

/** Whether something was found; nobody knows where the question was stopped or failed before anything was. */
export type FoundState = 'yes' | 'no' | 'unknown';

export function foundStateOf(result: ResultAnswer): FoundState {
  if (hasFound(result)) return 'yes';
  const grade = gradeOf(result);
  return grade === 'fully' || grade === 'partly' ? 'no' : 'unknown';
}

export function totalOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/**
 * What the answers say together. `incomplete`: some agents gave none, or nothing was found and not everybody looked at
 * all that was asked.
 */
export type Verdict = 'found' | 'nothing' | 'incomplete';

export function toVerdict({ completeness, found }: Pick<Outcome, 'completeness' | 'found'>): Verdict {
  const { fully, partly, stopped, refused, failed, silent, notgenuine } = completeness;
  if (stopped + refused + failed + silent + notgenuine > 0 || fully + partly === 0) return 'incomplete';
  if (found > 0) return 'found';
  return partly === 0 ? 'nothing' : 'incomplete';
}

const codeOf: Readonly<Record<Verdict, ExitCode>> = {
  found: exitCodes.found,
  nothing: exitCodes.nothingFound,
  incomplete: exitCodes.incomplete,
};

export function toExitCode(outcome: Pick<Outcome, 'completeness' | 'found'>): ExitCode {
  return codeOf[toVerdict(outcome)];
}
