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

/** The elapsed time and the share that is done. */
function toEndLine(counts: Counts, startedMs: number): string {
  const seconds = ((nowMs() - startedMs) / 1000).toFixed(3);
  return `${toPercent(doneOf(counts), totalOf(counts)).toFixed(1)}% done in ${seconds}s`;
}

function toDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)}s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)}m` : `${Math.ceil(seconds / 3600)}h`;
}

/** ` 12.5/s, 40s left`; empty while it would be a guess. */
export function toRate(done: number, total: number, elapsedMs: number): string {
  if (elapsedMs < rateAfterMs || done === 0 || done >= total) return '';
  const perSecond = (1000 * done) / elapsedMs;
  return ` ${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s, ${toDuration((total - done) / perSecond)} left`;
}

function startLines(expected: Counts, console: Console): Progress {
  const startedMs = nowMs();
  let printedMs = startedMs;
  let printed = '';
  let latest = expected;
  const print = (): void => {
    const [done, total] = [doneOf(latest), totalOf(latest)];
    const state = `${done} / ${total} done (${toPercent(done, total).toFixed(2)}%)`;
    printedMs = nowMs();
    if (state !== printed) console.note(state + toRate(done, total, printedMs - startedMs));
    printed = state;
  };
  return {
    update: (counts) => {
      latest = counts;
      if (nowMs() - printedMs >= linePauseMs) print();
    },
    around: (printLines) => printLines(),
    finish: () => {
      print();
      console.note(toEndLine(latest, startedMs));
    },
  };
}

function startBar(expected: Counts, console: Console): Progress {
  const startedMs = nowMs();
  let latest = expected;
  let drawnMs = 0;
  const draw = (): void => {
    const [done, total] = [doneOf(latest), totalOf(latest)];
    const percent = toPercent(done, total);
    const bar = '='.repeat(Math.round((percent * barCharacters) / 100)).padEnd(barCharacters, ' ');
    drawnMs = nowMs();
    const text = `${done} / ${total} [${bar}] ${percent.toFixed(2)}%${toRate(done, total, drawnMs - startedMs)}`;
    // A line that wraps could not be erased any more.
    console.noteInline(eraseLine + text.slice(0, Math.max(1, console.columns() - 1)));
  };
  draw();
  // The rate and what is left change without news, too.
  const timer = setInterval(draw, linePauseMs);
  timer.unref();
  return {
    update: (counts) => {
      latest = counts;
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
      console.note(toEndLine(latest, startedMs));
    },
  };
}

/** @param expected the counts before the first news. */
export function startProgress(expected: Counts, console: Console): Progress {
  return console.interactive ? startBar(expected, console) : startLines(expected, console);
}
