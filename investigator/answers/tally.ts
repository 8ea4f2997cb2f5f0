/** Sums up answers without keeping them: of an agent with a result stay its id and how it answered. */
import type { Counts } from '../../protocol/api/api.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import type { Answer, RefusalAnswer } from './answer.ts';
import { type NotGenuine, NotGenuineCount } from './not-genuine.ts';
import {
  type AskedQuestion,
  type Grade,
  gradeOf,
  hasFound,
  noRelayNames,
  type Outcome,
  type RelayNames,
  totalOf,
} from './outcome.ts';

/** Kinds of things that are examined; the modules of one environment have fewer. */
const maximumKinds = 64;
const otherKinds = 'others';

export class Tally {
  readonly #grades = new Map<AgentId, Grade>();
  readonly #refusals = new Map<AgentId, RefusalAnswer>();
  readonly #notGenuine = new NotGenuineCount();
  readonly #examined = new Map<string, number>();
  #found = 0;

  /** @returns whether it counts: the first result and the first refusal of an agent do. */
  add(answer: Answer): boolean {
    if (answer.kind === 'refusal') {
      if (this.#refusals.has(answer.agent)) return false;
      this.#refusals.set(answer.agent, answer);
      return true;
    }
    if (this.#grades.has(answer.agent)) return false;
    this.#grades.set(answer.agent, gradeOf(answer));
    if (hasFound(answer)) this.#found += 1;
    for (const { receipt } of answer.operations)
      for (const [kind, count] of Object.entries(receipt.examined)) this.#addExamined(kind, count);
    return true;
  }

  /** An agent can make up kinds: those beyond the first are counted together. */
  #addExamined(kind: string, count: number): void {
    const isKnown = this.#examined.has(kind) || this.#examined.size < maximumKinds;
    const counted = isKnown ? kind : otherKinds;
    this.#examined.set(counted, (this.#examined.get(counted) ?? 0) + count);
  }

  addNotGenuine(notGenuine: NotGenuine): void {
    this.#notGenuine.add(notGenuine);
  }

  /** Agents that gave a genuine answer. */
  hasHeard(agent: AgentId): boolean {
    return this.#grades.has(agent) || this.#refusals.has(agent);
  }

  /** Whether the agent has given a genuine result. */
  hasResult(agent: AgentId): boolean {
    return this.#grades.has(agent);
  }

  /** Agents of which a report came, genuine or not. */
  get reportedAgents(): number {
    const others = new Set<AgentId>();
    for (const agent of this.#refusals.keys()) if (!this.#grades.has(agent)) others.add(agent);
    for (const agent of this.#notGenuine.agents) if (!this.#grades.has(agent)) others.add(agent);
    return this.#grades.size + others.size;
  }

  /** Agents that gave a genuine result. */
  get agentsWithResult(): Iterable<AgentId> {
    return this.#grades.keys();
  }

  toOutcome(asked: AskedQuestion, counts: Counts, { silent, names }: RelayNames = noRelayNames): Outcome {
    const grades: Record<Grade, number> = { fully: 0, partly: 0, stopped: 0, failed: 0 };
    for (const grade of this.#grades.values()) grades[grade] += 1;
    const refusals = [...this.#refusals.values()];
    const refused = refusals.filter(({ agent }) => !this.#grades.has(agent));
    return {
      asked,
      counts,
      completeness: {
        fully: grades.fully,
        partly: grades.partly,
        stopped: grades.stopped,
        refused: refused.length,
        failed: grades.failed,
        silent: Math.max(0, totalOf(counts) - this.reportedAgents),
        notgenuine: this.#notGenuine.total,
        examined: Object.fromEntries(this.#examined),
      },
      found: this.#found,
      refusals: refused,
      repeats: refusals.filter(({ agent }) => this.#grades.has(agent)),
      notGenuine: this.#notGenuine,
      silent,
      names,
    };
  }
}
