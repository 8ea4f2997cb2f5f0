/**
 * Intervals of numbers, sizes, ages and times in filters: `<10`, `>10`, `5..9`, `5..`, `..9` or `7`; both ends
 * included.
 */
import { parseSeconds } from '../amount.ts';

export interface Interval {
  readonly from: number;
  readonly to: number;
  /** A single value: of several such intervals one must match. */
  readonly isExact: boolean;
}

/** The range of one text: a date is a whole day. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A text with a single value. */
export function toSpan(value: number | undefined): Span | undefined {
  return value === undefined ? undefined : { from: value, to: value };
}

/** Undefined when malformed or empty. */
export function parseInterval(text: string, parseSpan: (text: string) => Span | undefined): Interval | undefined {
  const [, sign, bound = ''] = /^([<>])(.+)$/.exec(text) ?? [];
  if (sign !== undefined) {
    const span = parseSpan(bound);
    if (span === undefined) return undefined;
    return sign === '<'
      ? { from: Number.NEGATIVE_INFINITY, to: span.to, isExact: false }
      : { from: span.from, to: Number.POSITIVE_INFINITY, isExact: false };
  }
  const [first = '', last] = text.split('..', 2);
  if (last === undefined) {
    const span = parseSpan(first);
    return span === undefined ? undefined : { ...span, isExact: true };
  }
  if (text.split('..').length > 2 || (first === '' && last === '')) return undefined;
  const from = first === '' ? Number.NEGATIVE_INFINITY : parseSpan(first)?.from;
  const to = last === '' ? Number.POSITIVE_INFINITY : parseSpan(last)?.to;
  return from === undefined || to === undefined || from > to ? undefined : { from, to, isExact: false };
}

export function parseNumber(text: string): number | undefined {
  return /^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Milliseconds since 1970 of `2026-01-31`, `2026-01-31T07:00` or `2026-01-31T07:00:30` in UTC: the whole day, minute or
 * second.
 */
function parseMoment(text: string): Span | undefined {
  const [, date, minute, second] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?)?$/.exec(text) ?? [];
  if (date === undefined) return undefined;
  const from = Date.parse(`${date}T${minute ?? '00:00'}${second ?? ':00'}Z`);
  const isDate = !Number.isNaN(from) && new Date(from).toISOString().startsWith(date);
  const widthMs = minute === undefined ? dayMs : second === undefined ? minuteMs : 1000;
  return isDate ? { from, to: from + widthMs - 1 } : undefined;
}

/** `<7d` within the last seven days, `>7d` earlier; or dates. @param nowMs since 1970. */
export function parseTimeInterval(text: string, nowMs: number): Interval | undefined {
  const [, sign, age = ''] = /^([<>])(\d+[smhdw])$/.exec(text) ?? [];
  if (sign === undefined) return /^[<>]/.test(text) ? undefined : parseInterval(text, parseMoment);
  const seconds = parseSeconds(age);
  if (seconds === undefined) return undefined;
  const limitMs = nowMs - seconds * 1000;
  return sign === '<'
    ? { from: limitMs, to: Number.POSITIVE_INFINITY, isExact: false }
    : { from: Number.NEGATIVE_INFINITY, to: limitMs, isExact: false };
}
