/** When answers came, in seconds since the launch: a histogram whose bars double, so that 0.3 s and 20 min both show. */
import type { Bar, CaseNews } from '../messages.ts';

const firstBarSeconds = 1;
const maximumBars = 24;

export class LaunchTimes {
  readonly #seconds: number[] = [];
  readonly #found: boolean[] = [];

  add(seconds: number, hasFound: boolean): void {
    this.#seconds.push(Math.max(0, seconds));
    this.#found.push(hasFound);
  }

  toBars(): Bar[] {
    const bars: { from: number; to: number; answered: number; found: number }[] = [];
    for (const [index, seconds] of this.#seconds.entries()) {
      const place = seconds < firstBarSeconds ? 0 : Math.min(maximumBars - 1, Math.floor(Math.log2(seconds)) + 1);
      while (bars.length <= place) {
        const from = bars.length === 0 ? 0 : 2 ** (bars.length - 1);
        bars.push({ from, to: 2 ** bars.length, answered: 0, found: 0 });
      }
      const bar = bars[place];
      if (bar === undefined) continue;
      bar.answered += 1;
      if (this.#found[index] === true) bar.found += 1;
    }
    return bars;
  }

  /** Seconds until half, 90 % and all of those that answered had done so. */
  toTimes(): CaseNews['times'] {
    if (this.#seconds.length === 0) return null;
    const sorted = Float64Array.from(this.#seconds).sort();
    const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
    return { half: at(0.5), most: at(0.9), last: at(1) };
  }
}
