/** Types of the addon's text functions. */
import type { Presence } from '../napi/presence.ts';

export interface TextFunctions {
  /**
   * Valid UTF-8 stays unchanged, a backslash becomes `\\`, any other byte `\xHH`. On Windows only half of a surrogate
   * pair changes: `/uHHHH`.
   */
  readonly escapeBytes: (bytes: Uint8Array) => string;
}

export const textPresence: Presence<TextFunctions> = { escapeBytes: 'always' };
