/** A module's run and its arguments. */
import type { Findings } from './findings.ts';
import type { Gate } from './gate.ts';
import type { InnerQuestions } from './inner/inner-question.ts';

export interface ModuleLimits {
  readonly seconds: number;
  readonly memoryMiB: number;
  readonly resultBytes: number;
  /** Share of one core that the module process may use, 1 to 100. */
  readonly cpuPercent: number;
  readonly threads: number;
}

export interface Work<Element extends object> {
  /** Set when the action was cancelled or timed out; a run ends within 100 ms. */
  readonly signal: AbortSignal;
  readonly limits: ModuleLimits;
  readonly gate: Gate;
  readonly findings: Findings<Element>;
  /** The questions of the declaration's `asks`. */
  readonly inner: InnerQuestions;
}

/** The run of any module: only the host knows its parameter type. */
export type AnyRun = (parameters: never, work: never) => Promise<void>;

/**
 * Searches, and reports hits and skips to `findings`, soft failures included. An error with code `bad-pattern`,
 * `bad-plan` or `proc-unreadable` fails the answer; any other error is a defect.
 */
export type ModuleRun<Parameters, Element extends object> = (
  parameters: Parameters,
  work: Work<Element>,
) => Promise<void>;
