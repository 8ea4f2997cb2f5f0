/**
 * A line as a shell splits it into words: quotes of both kinds hold spaces together. Nothing else has a meaning, so that
 * the backslashes and dollars of regular expressions stay what they are.
 */
import { usageError } from './flags.ts';

/** A piece of a word: what is in quotes, or what stands outside of them. */
const piece = /'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<bare>[^\s'"]+)|(?<space>\s+)|(?<open>['"])/gy;

/** @throws CodedError usage for a quote that does not end */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const { groups = {}, index } of line.matchAll(piece)) {
    const { single, double, bare, space, open } = groups;
    if (open !== undefined)
      throw usageError(
        `expected the quote ${open} at character ${index + 1} to end`,
        'put the other kind of quotes around a quote',
      );
    if (space === undefined) word = (word ?? '') + (single ?? double ?? bare ?? '');
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
