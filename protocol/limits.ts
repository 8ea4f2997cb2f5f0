/** Sizes that every party holds others to, before anything is parsed. */

export const maximumCommandBytes = 512 * 1024;
/** An action in base64 with its signatures, a trust list likewise, or a cancel. */
export const maximumCommandValues = 64;
/** What all operations of one answer may have together as plain JSON: the most that an environment may allow. */
export const maximumResultBytes = 65 * 1024 * 1024;
/** A sealed result is base64 inside JSON: room for the largest plain result that an environment may allow. */
export const maximumAgentMessageBytes = 96 * 1024 * 1024;
