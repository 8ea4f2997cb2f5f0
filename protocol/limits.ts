/** Sizes that every party holds others to, before anything is parsed. */

export const maximumCommandBytes = 512 * 1024;
/** A sealed result is base64 inside JSON: room for the largest plain result that an environment may allow. */
export const maximumAgentMessageBytes = 96 * 1024 * 1024;
