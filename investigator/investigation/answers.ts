/** The answers of one action as they come in: each agent once, and what was not genuine apart. */
import type { Report } from '../../protocol/api.ts';
import { CodedError } from '../../protocol/coded-error.ts';
import type { ActionId } from '../../protocol/identifiers.ts';
import { type Answer, type Expected, openReport } from './answer.ts';
import { InOrder } from './in-order.ts';
import type { NotGenuine } from './outcome.ts';
import { Tally } from './tally.ts';

/** Each holds a report, which may be as large as an agent's largest result. */
const openedAtOnce = 8;

export type Opened =
  | { readonly kind: 'genuine'; readonly answer: Answer }
  | { readonly kind: 'not-genuine'; readonly notGenuine: NotGenuine };

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

  /** Verifies and opens; nothing is counted yet, so several may be opened at once. */
  async open(report: Report): Promise<Opened> {
    this.lastSequence = Math.max(this.lastSequence, report.sequence);
    try {
      return { kind: 'genuine', answer: await openReport(report, this.#expected) };
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return { kind: 'not-genuine', notGenuine: { agent: report.agent, code: error.code } };
    }
  }

  /** @returns the answer when it is genuine and the first of its kind: the relay may repeat one. */
  take(opened: Opened): Answer | undefined {
    if (opened.kind === 'genuine') return this.tally.add(opened.answer) ? opened.answer : undefined;
    this.tally.addNotGenuine(opened.notGenuine);
    return undefined;
  }

  async add(report: Report): Promise<Answer | undefined> {
    return this.take(await this.open(report));
  }

  /** Opens several at once, and hands on what counts in the order in which it came. */
  inOrder(take: (answer: Answer) => void): InOrder<Opened> {
    return new InOrder(openedAtOnce, (opened) => {
      const answer = this.take(opened);
      if (answer !== undefined) take(answer);
    });
  }
}
