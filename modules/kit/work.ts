/** What a module's run is handed, and what it is. */
import type { Findings } from './findings.ts';
import type { Gate } from './gate.ts';

export interface ModuleLimits {
  readonly seconds: number;
  readonly memoryMiB: number;
  readonly resultBytes: number;
  /** Share of one core that the module process may use, 1 to 100. */
  readonly cpuPercent: number;
  readonly threads: number;
}

export interface Work<Element extends object> {
  /** Set when the action was cancelled or the time is up; a run ends within 100 ms. */
  readonly signal: AbortSignal;
  readonly limits: ModuleLimits;
  readonly gate: Gate;
  readonly findings: Findings<Element>;
}

/** A run of whichever module: the host alone knows what it takes. */
export type AnyRun = (parameters: never, work: never) => Promise<void>;

/**
 * Looks, and tells `findings` of hits and of what could not be looked at. Soft failures are told, too; what it throws is an
 * answer where the question or this machine is wrong (`bad-pattern`, `bad-plan`, `proc-unreadable`), and a defect otherwise.
 */
export type ModuleRun<Parameters, Element extends object> = (
  parameters: Parameters,
  work: Work<Element>,
) => Promise<void>;
