/** How long messages gather before the next batch begins; apart from the consumer, which only waits for it. */

/**
 * Milliseconds between the beginnings of two batches, until there are as many messages as a batch can hold. They double
 * from batch to batch while messages keep coming: the first is stored at once, and a stream costs few transactions.
 */
export interface GatheringTimes {
  readonly shortestMs: number;
  readonly longestMs: number;
}

export class Gathering {
  readonly #times: GatheringTimes;
  #nextMs: number;
  #timer: NodeJS.Timeout | undefined;
  #end = (): void => {};

  constructor(times: GatheringTimes) {
    this.#times = times;
    this.#nextMs = times.shortestMs;
  }

  /** @returns what resolves when the next batch may begin. One at a time. */
  begin(): Promise<void> {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(2 * ms, this.#times.longestMs);
    return new Promise((resolve) => {
      this.#end = resolve;
      this.#timer = setTimeout(resolve, ms);
    });
  }

  /** Enough have gathered, or nobody waits for more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#end();
  }

  /** Nothing has come: what comes next is a first one. */
  reset(): void {
    this.#nextMs = this.#times.shortestMs;
  }
}
