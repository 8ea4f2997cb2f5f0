/** Work that is looked for when somebody says that there may be some, and again when the look says. */

import type { RetriedWork } from '../failures.ts';

interface WakerOptions {
  /** Does what is due. @returns after how long to look again, in milliseconds; null when nothing is known to come. */
  readonly look: () => Promise<number | null>;
  /** Told of each look; one that failed is followed by the next. */
  readonly work: RetriedWork;
  /** How long after `wakeSoon` the look begins. */
  readonly courtesyMs: number;
}

const retryMs = 1000;
const maximumTimerMs = 0x7fff_ffff;

export class Waker {
  readonly #options: WakerOptions;
  #working: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: WakerOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Looks at once, or once more after the look that is under way; many calls at once cost one look. */
  wake(): void {
    this.#again = true;
    if (this.#closed) return;
    this.#working ??= this.#work();
  }

  /** Looks a while later: whoever made the work may do it first, and many calls cost one look. */
  wakeSoon(): void {
    if (this.#closed || this.#soon !== undefined) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      this.wake();
    }, this.#options.courtesyMs);
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer);
    let delayMs: number | null = null;
    while (this.#again && !this.#closed) {
      this.#again = false;
      delayMs = await this.#lookOnce();
    }
    if (delayMs !== null && !this.#closed)
      this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(delayMs, 1), maximumTimerMs));
    // In the same step as the last question for `#again`: a call in between would go unheard.
    this.#working = undefined;
  }

  async #lookOnce(): Promise<number | null> {
    try {
      const delayMs = await this.#options.look();
      this.#options.work.worked();
      return delayMs;
    } catch (error) {
      this.#options.work.failed(error);
      return retryMs;
    }
  }

  /** Waits for the look that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    await this.#working;
  }
}
