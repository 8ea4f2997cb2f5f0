/** Separate because a question is asked without the reader of action files. */

/** What to do about a question that is larger than an action may be. */
export const splitHint = 'ask it in several actions: one list of values each, or one of its operations';
