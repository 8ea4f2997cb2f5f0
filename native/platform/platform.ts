/** The processor as the native engine sees it. */
import type { Presence } from '../napi/presence.ts';

export interface PlatformFunctions {
  /** The instruction set whose code runs: `avx512-sha`, `avx2-sha`; processor.h has all names. */
  readonly readInstructionSet: () => string;
}

export const platformPresence: Presence<PlatformFunctions> = { readInstructionSet: 'always' };
