/** The ends of the asked time: an age such as `7d`, or a date in UTC. */

import { parseSeconds } from '../../kit/amount.ts';
import { parseTimeInterval } from '../../kit/listing/interval.ts';

/** Milliseconds since 1970, both included. */
export interface Window {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

interface Moment {
  readonly fromMs: number;
  readonly toMs: number;
}

function parseMoment(text: string, nowMs: number): Moment | undefined {
  const seconds = parseSeconds(text);
  if (seconds !== undefined) return { fromMs: nowMs - seconds * 1000, toMs: nowMs - seconds * 1000 };
  const span = parseTimeInterval(text, nowMs);
  return span?.isExact === true ? { fromMs: span.from, toMs: span.to } : undefined;
}

export function isMoment(text: string): boolean {
  return parseMoment(text, 0) !== undefined;
}

/** A date as `until` is the whole day. */
export function toWindow(since: string | undefined, until: string | undefined, nowMs: number): Window {
  return {
    fromMs: since === undefined ? null : (parseMoment(since, nowMs)?.fromMs ?? null),
    toMs: until === undefined ? null : (parseMoment(until, nowMs)?.toMs ?? null),
  };
}

export function isInWindow({ fromMs, toMs }: Window, timeMs: number): boolean {
  return (fromMs === null || timeMs >= fromMs) && (toMs === null || timeMs <= toMs);
}
