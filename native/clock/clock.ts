/** The clock as the kernel sees it. */
import type { Presence } from '../napi/presence.ts';

export interface ClockState {
  /** Whether a program keeps it. */
  readonly isSynchronised: boolean;
  /** What is still to be made up. */
  readonly offsetSeconds: number;
  readonly estimatedErrorSeconds: number;
  readonly maximumErrorSeconds: number;
}

export interface ClockFunctions {
  /** Null when the system does not tell, or not to this process. @see adjtimex(2) */
  readonly readClock: () => ClockState | null;
}

export const clockPresence: Presence<ClockFunctions> = { readClock: 'always' };
