/** Lines about something that fails again and again: its beginning, once a minute that it lasts, and its end. */
import type { Log } from './log.ts';

export interface OutageWords {
  /** `the broker cannot be reached` */
  readonly lost: string;
  /** `the broker is back` */
  readonly back: string;
}

interface Outage {
  readonly sinceMs: number;
  failures: number;
  /** Null while nothing was said of it. */
  toldMs: number | null;
}

const minuteMs = 60_000;
/** Something that comes and goes does not fill the log either. */
const beginningsPerMinute = 3;

export class OutageLog {
  readonly #log: Log;
  readonly #words: OutageWords;
  readonly #now: () => number;
  #outage: Outage | null = null;
  /** When the latest beginnings were told. */
  #beginnings: number[] = [];

  constructor(log: Log, words: OutageWords, now: () => number = Date.now) {
    this.#log = log;
    this.#words = words;
    this.#now = now;
  }

  /** @param about why, and what to do: an object of the line. */
  failed(about: Readonly<Record<string, string>>): void {
    const nowMs = this.#now();
    this.#outage ??= { sinceMs: nowMs, failures: 0, toldMs: null };
    const outage = this.#outage;
    outage.failures += 1;
    if (!this.#isDue(outage, nowMs)) return;
    outage.toldMs = nowMs;
    const { failures, sinceMs } = outage;
    const repeated = failures === 1 ? {} : { since: new Date(sinceMs).toISOString(), failures };
    this.#log.warn({ ...about, ...repeated }, this.#words.lost);
  }

  #isDue({ toldMs }: Outage, nowMs: number): boolean {
    if (toldMs !== null) return nowMs - toldMs >= minuteMs;
    this.#beginnings = this.#beginnings.filter((beginningMs) => nowMs - beginningMs < minuteMs);
    if (this.#beginnings.length >= beginningsPerMinute) return false;
    this.#beginnings.push(nowMs);
    return true;
  }

  /** Says so when its absence was told of. */
  recovered(): void {
    const outage = this.#outage;
    this.#outage = null;
    if (outage === null || outage.toldMs === null) return;
    const { sinceMs, failures } = outage;
    const seconds = Math.round((this.#now() - sinceMs) / 1000);
    this.#log.info({ since: new Date(sinceMs).toISOString(), seconds, failures }, this.#words.back);
  }
}
