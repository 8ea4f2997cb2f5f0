/** What the addon offers about the processes that unpack, as types. */
import type { Presence } from '../napi/presence.ts';

export interface UnpackFunctions {
  /** Ends the processes that unpack; what they used of the processor, in milliseconds. */
  readonly stopUnpackers: () => number;
}

export const unpackPresence: Presence<UnpackFunctions> = { stopUnpackers: 'always' };
