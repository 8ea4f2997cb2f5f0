/** How far clocks may differ: one tolerance for relay, `mig` and, unless their build says otherwise, agents. */

export const clockToleranceMs = 60_000;

/** What another clock may show now at the latest. What is dated later is from the future. */
export function latestNow(nowMs: number = Date.now()): Date {
  return new Date(nowMs + clockToleranceMs);
}
