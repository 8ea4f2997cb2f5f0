/** Cuts text between characters: canonical JSON (RFC 8785) has no half of a surrogate pair. */

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The beginning of a text, never with half of a letter at its end; what was no text before is replaced by U+FFFD. */
export function cutText(text: string, maximumUnits: number): string {
  if (text.length <= maximumUnits) return text.toWellFormed();
  const isInPair = isHighSurrogate(text.charCodeAt(maximumUnits - 1));
  return text.slice(0, isInPair ? maximumUnits - 1 : maximumUnits).toWellFormed();
}

/** The same value with all texts and keys well-formed. @param json what it was parsed from. */
export function toWellFormed(value: unknown, json: Buffer): unknown {
  // Half of a pair can only stand in UTF-8 as an escape; usually there is none.
  return json.includes('\\ud') || json.includes('\\uD') ? mend(value) : value;
}

function mend(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mend);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), mend(inner)]));
}
