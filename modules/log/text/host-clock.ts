/** The clock of the host: most logs have the time of its zone, and some no year. */
import type { PlacedStamp, TextLogBucket } from '../../../native/index.ts';

const dayMs = 86_400_000;
/** A leap year: all dates exist in it. */
const leapYear = 2000;
/** Between two leap years are at most so many, with one over. */
const mostYears = 12;

/** @param localMs of the host's clock, as if it were UTC. */
function toUtcMs(localMs: number): number {
  const at = new Date(localMs);
  return new Date(
    at.getUTCFullYear(),
    at.getUTCMonth(),
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
    at.getUTCMilliseconds(),
  ).getTime();
}

/** The opposite. */
export function toLocalMs(utcMs: number): number {
  return utcMs - new Date(utcMs).getTimezoneOffset() * 60_000;
}

/** A moment within a leap year, in another year; 29 February is 1 March where there is none. */
function inYear(year: number, msInLeapYear: number): number {
  const at = new Date(Date.UTC(leapYear, 0, 1) + msInLeapYear);
  return Date.UTC(year, at.getUTCMonth(), at.getUTCDate()) + (msInLeapYear % dayMs);
}

function isLeapYear(year: number): boolean {
  return new Date(Date.UTC(year, 1, 29)).getUTCDate() === 29;
}

interface Dated {
  readonly last: PlacedStamp;
  readonly leapYears: readonly number[];
}

/** Gives the times of one file their years, from its end backwards. */
export class FileYears {
  /** The year whose number in the file is 0. */
  readonly #zero: number;

  /** @param latestMs when the last line was written at the latest, since 1970. */
  constructor({ last, leapYears }: Dated, latestMs: number) {
    this.#zero = FileYears.#find(last, leapYears, latestMs) - last.year;
  }

  static #find(last: PlacedStamp, leapYears: readonly number[], latestMs: number): number {
    if (last.kind !== 'yearless') return new Date(last.kind === 'none' ? latestMs : last.ms).getUTCFullYear();
    const latest = toLocalMs(latestMs) + dayMs;
    const newest = new Date(latest).getUTCFullYear();
    for (let year = newest; year > newest - mostYears; year -= 1) {
      const fits = leapYears.every((leap) => isLeapYear(year - last.year + leap));
      if (fits && inYear(year, last.ms) <= latest) return year;
    }
    return newest;
  }

  yearOf(numberInFile: number): number {
    return this.#zero + numberInFile;
  }

  /** Milliseconds since 1970; null for a line without a time. */
  toMs({ kind, ms, year }: PlacedStamp): number | null {
    if (kind === 'none') return null;
    if (kind === 'zoned') return ms;
    return toUtcMs(kind === 'local' ? ms : inYear(this.yearOf(year), ms));
  }

  /** Whether the lines are within the asked time. @param sinceMs of the host's clock, as untilMs; null for any time. */
  isAsked({ kind, year, isSince, isUntil }: TextLogBucket, sinceMs: number | null, untilMs: number | null): boolean {
    if (kind !== 'yearless') return true;
    const at = this.yearOf(year);
    const since = sinceMs === null ? null : new Date(sinceMs).getUTCFullYear();
    const until = untilMs === null ? null : new Date(untilMs).getUTCFullYear();
    const isLate = since === null || at > since || (at === since && isSince);
    const isEarly = until === null || at < until || (at === until && isUntil);
    return isLate && isEarly;
  }
}
