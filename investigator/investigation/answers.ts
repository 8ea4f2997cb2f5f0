/** The answers of one action as they come in: each agent once, and what was not genuine apart. */
import type { Report } from '../../protocol/api.ts';
import { CodedError } from '../../protocol/coded-error.ts';
import type { ActionId } from '../../protocol/identifiers.ts';
import { type Answer, type Expected, openReport } from './answer.ts';
import { Tally } from './tally.ts';

export class Answers {
  readonly tally = new Tally();
  readonly #expected: Expected;
  /** Behind this report the relay goes on. */
  lastSequence = 0;

  constructor(expected: Expected) {
    this.#expected = expected;
  }

  get action(): ActionId {
    return this.#expected.action.id;
  }

  /**
   * Verifies, opens and counts a report.
   * @returns the answer when it is genuine and the first of its kind: the relay may repeat one.
   */
  add(report: Report): Answer | undefined {
    this.lastSequence = Math.max(this.lastSequence, report.sequence);
    try {
      const answer = openReport(report, this.#expected);
      return this.tally.add(answer) ? answer : undefined;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      this.tally.addNotGenuine({ agent: report.agent, code: error.code });
      return undefined;
    }
  }
}
