/** Types of the addon's unpacker functions. */
import type { Presence } from '../napi/presence.ts';

export interface UnpackFunctions {
  /** Ends the unpackers; returns their CPU time in milliseconds. */
  readonly stopUnpackers: () => number;
}

export const unpackPresence: Presence<UnpackFunctions> = { stopUnpackers: 'always' };
