/** The kinds of values that may leave the host. Each has a form that a line of a log has not. */

/** The names that a capture may have. */
export const capturedKinds = ['address', 'number', 'unit', 'account', 'path'] as const;
export type CapturedKind = (typeof capturedKinds)[number];

/** `word`: a short text that a program gives as a name, such as an identifier; only of declared fields. */
export type ValueKind = CapturedKind | 'word';

export function isCapturedKind(name: string): name is CapturedKind {
  return capturedKinds.some((kind) => kind === name);
}
