/** The answers of one action as they come in: one of each agent, and apart from them the reports that were not genuine. */
import type { ResultMessage } from '../../protocol/agent-message/agent-message.ts';
import type { Report } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { ActionId, AgentId } from '../../protocol/base/identifiers.ts';
import type { Result } from '../../protocol/result/result.ts';
import { type Answer, type Expected, openResult, toAnswer, verifyReport } from './answer.ts';
import { type OpeningOrder, openSeparately } from './separate-opening.ts';
import { Tally } from './tally.ts';

/** A larger answer is opened in a process of its own, which costs a tenth of a second. */
const maximumPlainBytes = 2 * 1024 * 1024;
/** Sealed answers that may wait for that. Beyond it, no more is taken in until one has been opened. */
const maximumWaitingBytes = 64 * 1024 * 1024;

export interface AnswersOptions {
  /** Called with each answer that is genuine and the first of its kind: the relay may repeat one. */
  readonly onAnswer: (answer: Answer) => void;
  /** Ends what is being opened. */
  readonly signal: AbortSignal;
  readonly openLarge?: (order: OpeningOrder, signal: AbortSignal) => Promise<Result>;
}

export class Answers {
  readonly tally = new Tally();
  readonly #expected: Expected;
  readonly #options: AnswersOptions;
  /** Each once: an agent, or a relay, that repeats a costly answer is not paid for it again. */
  readonly #openedLarge = new Set<AgentId>();
  #waitingBytes = 0;
  /** Large answers, one after the other. */
  #large: Promise<void> = Promise.resolve();
  /** Behind this report the relay goes on. */
  lastSequence = 0;

  constructor(expected: Expected, options: AnswersOptions) {
    this.#expected = expected;
    this.#options = options;
  }

  get action(): ActionId {
    return this.#expected.action.id;
  }

  /**
   * Verifies, opens and counts a report. A large one is opened beside those that follow.
   * @returns what to wait for before the next report is taken; undefined when that may come at once.
   */
  add(report: Report): Promise<void> | undefined {
    this.lastSequence = Math.max(this.lastSequence, report.sequence);
    const verified = this.#judge(report.agent, () => verifyReport(report, this.#expected));
    if (verified?.kind === 'refusal') this.#count(verified);
    if (verified?.kind !== 'sealed' || this.tally.hasResult(verified.message.agent)) return undefined;
    const opened = this.#judge(report.agent, () => this.#open(verified.message));
    if (opened === 'large') return this.#queue(verified.message);
    if (opened !== undefined) this.#count(toAnswer(verified.message, opened));
    return undefined;
  }

  /** Resolves when every report that was added has been opened. */
  settled(): Promise<void> {
    return this.#large;
  }

  /** Whatever is wrong with an answer makes it not genuine, and ends nothing else. */
  #judge<T>(agent: AgentId, take: () => T): T | undefined {
    try {
      return take();
    } catch (error) {
      this.#refuse(agent, error);
      return undefined;
    }
  }

  #refuse(agent: AgentId, error: unknown): void {
    this.tally.addNotGenuine({ agent, code: error instanceof CodedError ? error.code : 'unreadable' });
  }

  #count(answer: Answer): void {
    if (this.tally.add(answer)) this.#options.onAnswer(answer);
  }

  #open(message: ResultMessage): Result | 'large' {
    try {
      return openResult(message, this.#expected, maximumPlainBytes);
    } catch (error) {
      if (error instanceof CodedError && error.code === 'result-large') return 'large';
      throw error;
    }
  }

  #queue(message: ResultMessage): Promise<void> | undefined {
    if (this.#openedLarge.has(message.agent)) return undefined;
    this.#openedLarge.add(message.agent);
    this.#waitingBytes += message.sealed.length;
    const opened = this.#large.then(() => this.#openLarge(message));
    // An error of printing reaches those who wait for the end.
    opened.catch(() => {});
    this.#large = opened;
    return this.#waitingBytes > maximumWaitingBytes ? opened : undefined;
  }

  async #openLarge(message: ResultMessage): Promise<void> {
    const { action, digest, opener } = this.#expected;
    const { openLarge = openSeparately, signal } = this.#options;
    const { agent, sealed } = message;
    const text = Buffer.from(sealed).toString('base64');
    const order = { action, digest, replykey: opener.privateKey, agent, sealed: text };
    const result = await openLarge(order, signal).catch((error: unknown) => {
      if (!signal.aborted) this.#refuse(agent, error);
    });
    this.#waitingBytes -= sealed.length;
    if (result !== undefined) this.#count(toAnswer(message, result));
  }
}
