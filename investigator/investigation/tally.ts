/** What the answers come to, agent by agent, without keeping them: memory is a few words per agent, not the results. */
import type { Counts } from '../../protocol/api.ts';
import type { AgentId } from '../../protocol/identifiers.ts';
import type { Answer, RefusalAnswer } from './answer.ts';
import {
  type Asked,
  type Grade,
  gradeOf,
  hasFound,
  type NotGenuine,
  type Outcome,
  type SilentAgent,
  totalOf,
} from './outcome.ts';

export class Tally {
  readonly #grades = new Map<AgentId, Grade>();
  readonly #refusals = new Map<AgentId, RefusalAnswer>();
  readonly #notGenuine: NotGenuine[] = [];
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
      for (const [kind, count] of Object.entries(receipt.examined))
        this.#examined.set(kind, (this.#examined.get(kind) ?? 0) + count);
    return true;
  }

  addNotGenuine(notGenuine: NotGenuine): void {
    this.#notGenuine.push(notGenuine);
  }

  /** Agents that gave a genuine answer. */
  hasHeard(agent: AgentId): boolean {
    return this.#grades.has(agent) || this.#refusals.has(agent);
  }

  /** Agents of which a report came, genuine or not. */
  get reportedAgents(): number {
    const agents = new Set([...this.#grades.keys(), ...this.#refusals.keys()]);
    for (const { agent } of this.#notGenuine) agents.add(agent);
    return agents.size;
  }

  toOutcome(asked: Asked, counts: Counts, silent: readonly SilentAgent[] = []): Outcome {
    const grades = [...this.#grades.values()];
    const count = (grade: Grade): number => grades.filter((one) => one === grade).length;
    const refusals = [...this.#refusals.values()];
    const refused = refusals.filter(({ agent }) => !this.#grades.has(agent));
    return {
      asked,
      counts,
      completeness: {
        fully: count('fully'),
        partly: count('partly'),
        refused: refused.length,
        failed: count('failed'),
        silent: Math.max(0, totalOf(counts) - this.reportedAgents),
        notgenuine: this.#notGenuine.length,
        examined: Object.fromEntries(this.#examined),
      },
      found: this.#found,
      refusals: refused,
      repeats: refusals.filter(({ agent }) => this.#grades.has(agent)),
      notGenuine: this.#notGenuine,
      silent,
    };
  }
}
