/** How far an action is: a live line on a terminal, plain lines in a pipe. */
import { type Counts, finalCommandStates } from '../../protocol/api/api.ts';
import { totalOf } from '../answers/outcome.ts';
import type { Console } from '../terminal/console.ts';

const barCharacters = 20;
/** In a pipe, one line a second at most; on a terminal ten drawings. */
const linePauseMs = 1000;
const drawPauseMs = 100;
/** Carriage return, then erase to the end of the line (ECMA-48, EL). */
const eraseLine = '\r\u001b[K';
/** A rate over less than this says nothing. */
const rateAfterMs = 2000;
/** Without one that was done for so many times the usual pause, the rate of before says nothing. */
const usualPauses = 3;
/** Without news for so long, it is said who is waited for. */
const quietAfterMs = 5000;
const namedWaiting = 3;

/** Never set back; `performance.now` would load a module at the first call. */
function nowMs(): number {
  return process.uptime() * 1000;
}

export function doneOf(counts: Counts): number {
  return finalCommandStates.reduce((sum, state) => sum + counts[state], 0);
}

function toPercent(done: number, total: number): number {
  return total === 0 ? 100 : (100 * done) / total;
}

/** `1 sent, 1 done, 1 succeeded`, and whatever else there is. */
export function toCountsLine(counts: Counts): string {
  const parts = [
    `${totalOf(counts) - counts.queued} sent`,
    `${doneOf(counts)} done`,
    `${counts.succeeded} succeeded`,
    ...(['failed', 'refused', 'expired', 'cancelled', 'queued'] as const)
      .filter((state) => counts[state] > 0)
      .map((state) => `${counts[state]} ${state}`),
  ];
  return parts.join(', ');
}

export interface Progress {
  readonly update: (counts: Counts) => void;
  /** Runs what prints lines, so that they and the live line do not get in each other's way. */
  readonly around: (print: () => void) => void;
  /** Ends the live line and says how long it took. */
  readonly finish: () => void;
}

function toDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)}s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)}m` : `${Math.ceil(seconds / 3600)}h`;
}

/**
 * ` 12.5/s, 40s left`; empty while it would be a guess.
 * @param quietMs since the last one was done: after several times the usual pause nobody knows when the next will be.
 */
export function toRate(done: number, total: number, elapsedMs: number, quietMs = 0): string {
  if (elapsedMs < rateAfterMs || done === 0 || done >= total) return '';
  if (quietMs > Math.max(rateAfterMs, (usualPauses * elapsedMs) / done)) return '';
  const perSecond = (1000 * done) / elapsedMs;
  return ` ${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s, ${toDuration((total - done) / perSecond)} left`;
}

/** Names some that are waited for, at most so many. */
export type ListWaiting = (most: number) => Promise<readonly string[]>;

/** What is known of an action that runs, and whom it waits for once nothing comes any more. */
class Pace {
  readonly #startedMs = nowMs();
  readonly #listWaiting: ListWaiting;
  latest: Counts;
  #lastMs = this.#startedMs;
  #hasAsked = false;
  #waiting: readonly string[] = [];

  constructor(expected: Counts, listWaiting: ListWaiting) {
    this.latest = expected;
    this.#listWaiting = listWaiting;
  }

  get done(): number {
    return doneOf(this.latest);
  }

  get total(): number {
    return totalOf(this.latest);
  }

  get percent(): number {
    return toPercent(this.done, this.total);
  }

  update(counts: Counts): void {
    if (doneOf(counts) !== this.done) {
      this.#lastMs = nowMs();
      this.#hasAsked = false;
      this.#waiting = [];
    }
    this.latest = counts;
  }

  /** Asks, once it is quiet, whom it waits for. @param onKnown is called when that is known. */
  look(onKnown: () => void): void {
    if (this.#hasAsked || this.done >= this.total || nowMs() - this.#lastMs < quietAfterMs) return;
    this.#hasAsked = true;
    this.#listWaiting(namedWaiting).then(
      (names) => {
        if (!this.#hasAsked || names.length === 0) return;
        this.#waiting = names;
        onKnown();
      },
      // The relay may be away for a moment; following it says so when it does not come back.
      () => {},
    );
  }

  get rate(): string {
    const now = nowMs();
    return toRate(this.done, this.total, now - this.#startedMs, now - this.#lastMs);
  }

  /** `waiting for web1 (offline), db1 (at work) and 3 more`; empty while that is not known. */
  get waiting(): string {
    const more = this.total - this.done - this.#waiting.length;
    if (this.#waiting.length === 0) return '';
    return `waiting for ${this.#waiting.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  }

  /** The elapsed time and the share that is done. */
  get end(): string {
    return `${this.percent.toFixed(1)}% done in ${((nowMs() - this.#startedMs) / 1000).toFixed(3)}s`;
  }
}

function startLines(pace: Pace, console: Console): Progress {
  let printedMs = nowMs();
  let printed = '';
  const print = (): void => {
    const state = `${pace.done} / ${pace.total} done (${pace.percent.toFixed(2)}%)`;
    printedMs = nowMs();
    if (state !== printed) console.note(state + pace.rate);
    printed = state;
  };
  const timer = setInterval(() => pace.look(() => console.note(pace.waiting)), linePauseMs);
  timer.unref();
  return {
    update: (counts) => {
      pace.update(counts);
      if (nowMs() - printedMs >= linePauseMs) print();
    },
    around: (printLines) => printLines(),
    finish: () => {
      clearInterval(timer);
      print();
      console.note(pace.end);
    },
  };
}

function startBar(pace: Pace, console: Console): Progress {
  let drawnMs = 0;
  const draw = (): void => {
    const bar = '='.repeat(Math.round((pace.percent * barCharacters) / 100)).padEnd(barCharacters, ' ');
    drawnMs = nowMs();
    const behind = pace.waiting === '' ? pace.rate : ` ${pace.waiting}`;
    const text = `${pace.done} / ${pace.total} [${bar}] ${pace.percent.toFixed(2)}%${behind}`;
    // A line that wraps could not be erased any more.
    console.noteInline(eraseLine + text.slice(0, Math.max(1, console.columns() - 1)));
  };
  draw();
  // The rate and what is left change without news, too.
  const timer = setInterval(() => {
    pace.look(draw);
    draw();
  }, linePauseMs);
  timer.unref();
  return {
    update: (counts) => {
      pace.update(counts);
      if (nowMs() - drawnMs >= drawPauseMs) draw();
    },
    around: (printLines) => {
      console.noteInline(eraseLine);
      printLines();
      if (nowMs() - drawnMs >= drawPauseMs) draw();
    },
    finish: () => {
      clearInterval(timer);
      draw();
      console.note('');
      console.note(pace.end);
    },
  };
}

/** @param expected the counts before the first news. */
export function startProgress(expected: Counts, console: Console, listWaiting: ListWaiting = async () => []): Progress {
  const pace = new Pace(expected, listWaiting);
  return console.interactive ? startBar(pace, console) : startLines(pace, console);
}
