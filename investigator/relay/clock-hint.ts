/** Whether this machine's clock is why a server refused something: its answers carry its own time. */
import { clockToleranceMs } from '../../protocol/base/clock.ts';

/** Problems that a wrong clock makes; each may have another reason, too. */
const clockProblems: ReadonlySet<string> = new Set([
  'login-refused',
  'signed-later',
  'signature-not-accepted',
  'action-expired',
  'action-not-yet-valid',
  'trust-expired',
  'trust-not-yet-valid',
  'key-expired',
]);

/** `61 minutes ahead of`; undefined within the tolerance. @param date as in the header of that name. */
function describeSkew(date: string | undefined, nowMs: number): string | undefined {
  const aheadMs = nowMs - Date.parse(date ?? '');
  // Also for a header that is no date.
  if (!(Math.abs(aheadMs) > clockToleranceMs)) return undefined;
  return `${Math.round(Math.abs(aheadMs) / 60_000)} min ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
}

/** Undefined where the clocks agree, or have nothing to do with it. */
export function toClockHint(problem: string, date: string | undefined, nowMs: number): string | undefined {
  const skew = clockProblems.has(problem) ? describeSkew(date, nowMs) : undefined;
  return skew === undefined ? undefined : `this machine's clock is ${skew} the server's: set the one that is wrong`;
}
