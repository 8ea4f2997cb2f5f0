/** Sizes that every party holds others to, before anything is parsed. */

export const maximumCommandBytes = 512 * 1024;
/** An action in base64 with its signatures, a trust list likewise, or a cancel. */
export const maximumCommandValues = 64;
/**
 * Plain JSON of all operations of a result together; no environment may allow more. Sixty thousand files with their metadata
 * fit. Each party on the way holds it several times over.
 */
export const maximumResultBytes = 16 * 1024 * 1024;
/** A plain result: the operations with all that is around them. */
export const maximumPlainBytes = maximumResultBytes + 1024 * 1024;
/** The JSON of an agent's message. Heartbeats, with their facts, have the longest. */
export const maximumAgentTextBytes = 64 * 1024;
/** Entries, of an agent's facts about its host and of the tags that it was built with. */
export const maximumFacts = 64;
export const maximumTags = 256;
/** The largest result, which sealing and deflating can make a little longer, and what is said around it. */
export const maximumAgentMessageBytes = maximumPlainBytes + 1024 * 1024;

export const maximumSignatures = 16;
