/** One pattern on its way through a text, character by character. */
import { always, type CharacterSet, never } from './character-set.ts';
import type { Assertion } from './parse.ts';
import type { Program } from './program.ts';

/** What is at a side of a place between characters. */
type Side = 'edge' | 'line-feed' | 'word' | 'other';

/** A character of ASCII by its code point, or any beyond. */
export type Character = number | 'beyond';

/** Where the pattern is in the text so far. */
export interface Place {
  /** Steps of its program, any of which it may be at. */
  readonly at: readonly number[];
  readonly before: Side;
  /** Whether it has matched already. */
  readonly isFound: boolean;
}

function sideOf(character: Character): Side {
  if (character === 'beyond') return 'other';
  if (character === 0x0a) return 'line-feed';
  return /\w/.test(String.fromCharCode(character)) ? 'word' : 'other';
}

function holds(what: Assertion, before: Side, after: Side): boolean {
  const isBoundary = (before === 'word') !== (after === 'word');
  switch (what) {
    case 'begin':
      return before === 'edge';
    case 'end':
      return after === 'edge';
    case 'line-begin':
      return before === 'edge' || before === 'line-feed';
    case 'line-end':
      return after === 'edge' || after === 'line-feed';
    case 'boundary':
      return isBoundary;
    case 'no-boundary':
      return !isBoundary;
  }
}

/** @param isSure whether what is only perhaps in the set is not counted. */
function takes({ ascii, beyond }: CharacterSet, character: Character, isSure: boolean): boolean {
  if (character === 'beyond') return !isSure && beyond;
  return isSure ? ascii[character] === always : ascii[character] !== never;
}

/** Follows what takes no character. */
function reach(
  { steps, effort }: Program,
  place: Place,
  after: Side,
): { readonly taking: number[]; readonly isFound: boolean } {
  const seen = new Set<number>(place.at);
  const taking: number[] = [];
  let isFound = place.isFound;
  const go = (next: number): unknown => seen.add(next);
  // A set also has the elements that are added during its iteration.
  for (const index of seen) {
    const step = steps[index];
    if (step?.kind === 'match') isFound = true;
    if (step?.kind === 'split') step.next.forEach(go);
    if (step?.kind === 'assert' && holds(step.what, place.before, after)) go(step.next);
    if (step?.kind === 'take') taking.push(index);
  }
  effort.spent += seen.size;
  return { taking, isFound };
}

const found: Place = { at: [], before: 'other', isFound: true };

export function begin({ start }: Program): Place {
  return { at: [start], before: 'edge', isFound: false };
}

/** Whether the pattern has matched when the text ends here. */
export function isFoundAtEnd(program: Program, place: Place): boolean {
  return reach(program, place, 'edge').isFound;
}

/** All places behind one more character. @param isSure whether only what surely takes the character goes on. */
export function advance(program: Program, place: Place, character: Character, isSure: boolean): Place {
  const { steps, start } = program;
  if (place.isFound) return found;
  const before = sideOf(character);
  const { taking, isFound } = reach(program, place, before);
  if (isFound) return found;
  const at = taking.flatMap((index) => {
    const step = steps[index];
    if (step?.kind !== 'take') return [];
    // Whatever the character is, a match may begin behind it.
    return step.next === start || takes(step.set, character, isSure) ? [step.next] : [];
  });
  return { at, before, isFound: false };
}
