/** Work that runs side by side, and whose outcomes are taken in the order in which it was given. */

export class InOrder<Outcome> {
  readonly #width: number;
  readonly #take: (outcome: Outcome) => void;
  readonly #running: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();

  /** @param width so many at once, which bounds the memory that they need. */
  constructor(width: number, take: (outcome: Outcome) => void) {
    this.#width = width;
    this.#take = take;
  }

  /** Resolves when there is room for more. @throws what earlier work or its taking threw */
  async add(work: Promise<Outcome>): Promise<void> {
    const taken = Promise.all([work, this.#last]).then(([outcome]) => this.#take(outcome));
    // A failure is thrown where it is awaited: by a later `add`, or by `finish`.
    taken.catch(() => {});
    this.#last = taken;
    this.#running.push(taken);
    if (this.#running.length >= this.#width) await this.#running.shift();
  }

  /** Resolves when everything has been taken. */
  finish(): Promise<void> {
    return this.#last;
  }
}
