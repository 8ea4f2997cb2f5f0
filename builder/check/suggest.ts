/** Hints for unknown words. */
import { suggest } from '../../protocol/base/suggest.ts';

/** `did you mean "x"?` when a word is close, else the list of what there is. */
export function suggestionFor(word: string, known: readonly string[]): string {
  const closest = suggest(word, known);
  if (closest !== undefined) return `did you mean ${JSON.stringify(closest)}?`;
  return known.length === 0 ? 'remove it: nothing is known here' : `known here: ${known.join(', ')}`;
}
