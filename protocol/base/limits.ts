/** Sizes that every party holds others to, before anything is parsed. */

export const maximumCommandBytes = 512 * 1024;
/** An action in base64 with its signatures, a trust list likewise, or a cancel. */
export const maximumCommandValues = 64;
/**
 * What all operations of one answer may have together as plain JSON: the most that an environment may allow. Everybody on
 * its way holds it several times over: sixty thousand files with all that is told of them fit in.
 */
export const maximumResultBytes = 16 * 1024 * 1024;
/** With receipts and what else is around the operations. */
export const maximumPlainBytes = maximumResultBytes + 1024 * 1024;
/** All that an agent says but a sealed result: the facts of a heartbeat have the most. */
export const maximumAgentTextBytes = 64 * 1024;
/** Entries, of an agent's facts about its host and of the tags that it was built with. */
export const maximumFacts = 64;
export const maximumTags = 256;
/** The largest result, which sealing and deflating can make a little longer, and what is said around it. */
export const maximumAgentMessageBytes = maximumPlainBytes + 1024 * 1024;
