/** Serial numbers that no event has. They begin anew with each start of the machine. */
import type { Span } from '../count/span.ts';

/** Events of one time come in any order; a greater step back is a new start. */
const mostDisorder = 10_000;

interface Numbered {
  readonly serial: number;
  readonly timeMs: number;
}

export class NumberGaps {
  #start: Numbered[] = [];
  #highest = 0;
  readonly #found: (gap: Span) => void;

  /** @param found gets each gap: how many are missing, and the times of the events around it. */
  constructor(found: (gap: Span) => void) {
    this.#found = found;
  }

  add(numbered: Numbered): void {
    if (numbered.serial < this.#highest - mostDisorder) this.finish();
    this.#start.push(numbered);
    this.#highest = Math.max(this.#highest, numbered.serial);
  }

  /** The end of what one start of the machine wrote. */
  finish(): void {
    const sorted = this.#start.sort((one, other) => one.serial - other.serial);
    for (const [index, { serial, timeMs }] of sorted.entries()) {
      const before = sorted[index - 1];
      const missing = before === undefined ? 0 : serial - before.serial - 1;
      if (missing > 0 && before !== undefined)
        this.#found({
          count: missing,
          firstMs: Math.min(before.timeMs, timeMs),
          lastMs: Math.max(before.timeMs, timeMs),
        });
    }
    this.#start = [];
    this.#highest = 0;
  }
}
