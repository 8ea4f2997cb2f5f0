/** Check 4.9: now is in the action's window, which is no longer than this environment allows. */
import type { Action } from '../../../protocol/action/action.ts';
import type { Limits } from '../../../protocol/environment/environment.ts';
import { RefusalError } from '../refusal.ts';

/** @throws RefusalError malformed, window-too-long, not-yet-valid, expired */
export function assertWindow(
  { clockSkewSeconds, maximumWindowSeconds }: Limits,
  { validfrom, expireafter }: Pick<Action, 'validfrom' | 'expireafter'>,
  nowMs: number,
): void {
  const skewMs = clockSkewSeconds * 1000;
  const fromMs = Date.parse(validfrom);
  const untilMs = Date.parse(expireafter);
  const seconds = (untilMs - fromMs) / 1000;
  if (seconds <= 0) throw new RefusalError('malformed', 'expireafter is not after validfrom');
  if (seconds > maximumWindowSeconds)
    throw new RefusalError('window-too-long', `${seconds} s, at most ${maximumWindowSeconds} s are allowed`);
  if (nowMs < fromMs - skewMs) throw new RefusalError('not-yet-valid', `valid from ${validfrom}`);
  if (nowMs >= untilMs + skewMs) throw new RefusalError('expired', `expired at ${expireafter}`);
}
