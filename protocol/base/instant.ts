/** Times as they are written in everything that is signed. */
import * as z from 'zod';

/** RFC 3339 in UTC with whole seconds, the one spelling that is signed: `2026-01-31T07:00:00Z`. */
export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, 'expected a UTC time such as 2026-01-31T07:00:00Z')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'expected a time that exists');

/** `Instant` of a time in milliseconds since the epoch, whole seconds (rounded down). */
export function toInstant(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
