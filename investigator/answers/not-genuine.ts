/** Reports that were not genuine. A relay can send any number of them: all are counted, the first are kept as examples. */
import type { AgentId } from '../../protocol/base/identifiers.ts';

export interface NotGenuine {
  /** The agent that the relay named. */
  readonly agent: AgentId;
  readonly code: string;
}

export interface NotGenuineReports {
  readonly total: number;
  /** The first of them. */
  readonly examples: readonly NotGenuine[];
  /** Counts of all, by code. */
  readonly counts: ReadonlyMap<string, number>;
}

const maximumExamples = 100;
/** Beyond them, an agent counts as silent beside its report that is none. */
const maximumAgents = 100_000;

export class NotGenuineCount implements NotGenuineReports {
  total = 0;
  readonly examples: NotGenuine[] = [];
  readonly counts = new Map<string, number>();
  /** The agent that the relay named. */
  readonly agents = new Set<AgentId>();

  add(report: NotGenuine): void {
    const { agent, code } = report;
    this.total += 1;
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    if (this.examples.length < maximumExamples) this.examples.push(report);
    if (this.agents.size < maximumAgents) this.agents.add(agent);
  }
}
