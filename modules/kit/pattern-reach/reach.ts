/**
 * Whether some text fits RE2 patterns, all of them at once. Used on questions before they are asked. What is not
 * understood, or takes too long, counts as possible; beyond ASCII only what surely is impossible counts as that.
 */
import { NotUnderstood } from './parse.ts';
import { type Program, toProgram } from './program.ts';
import { advance, begin, type Character, isFoundAtEnd, type Place } from './track.ts';

/** The texts that a filter compares. */
export interface Texts {
  /** The characters that they may have; those beyond ASCII are asked for by U+00E9. */
  readonly allows: (codePoint: number) => boolean;
  /** A pattern that all of them match. */
  readonly form?: string;
}

/** Patterns that must match, and those that must not. */
export interface Patterns {
  readonly wanted: readonly string[];
  readonly unwanted?: readonly string[];
}

interface Track {
  readonly program: Program;
  readonly isWanted: boolean;
  readonly known: Map<string, readonly Place[]>;
}

/** States of the search, and steps of each pattern; ordinary patterns need some hundred. */
const mostStates = 5_000;
const mostSteps = 200_000;

/** What stands at one place of a text: all the ways in which a pattern may read it. */
type Sign = readonly (readonly Character[])[];

/** Characters beyond ASCII that are one of these when composed: U+212A, U+037E and U+1FEF. */
const composed = 'K;`';

/** A letter with its marks is one character and several. */
function withMarks(base: Character): Sign {
  const isComposed = typeof base === 'number' && composed.includes(String.fromCharCode(base));
  return [['beyond'], [base, 'beyond'], [base, 'beyond', 'beyond'], ...(isComposed ? [[base]] : [])];
}

function keyOf({ at, before, isFound }: Place): string {
  return `${at.join()} ${before} ${isFound}`;
}

/** A wanted pattern may go on in any of its ways; of an unwanted one, none may end in a match. */
function follow({ program, isWanted }: Track, place: Place, sign: Sign): Place[] {
  if (!isWanted) {
    const next = advance(program, place, sign[0]?.[0] ?? 'beyond', true);
    return next.isFound ? [] : [next];
  }
  const ends = sign.flatMap((reading) => {
    let places: readonly Place[] = [place];
    for (const one of reading)
      places = places.flatMap((from) => {
        const next = advance(program, from, one, false);
        return next.isFound ? [next] : next.at.map((at) => ({ ...next, at: [at] }));
      });
    return places;
  });
  return [...new Map(ends.map((end) => [keyOf(end), end])).values()];
}

function step(track: Track, place: Place, sign: Sign): readonly Place[] {
  const key = `${keyOf(place)} ${sign.join(' ')}`;
  const known = track.known.get(key) ?? follow(track, place, sign);
  track.known.set(key, known);
  return known;
}

/** Of the characters that all sets of all programs treat alike, one. */
function toSigns(tracks: readonly Track[], allows: Texts['allows']): Sign[] {
  const sets = new Set(
    tracks.flatMap(({ program }) => program.steps.flatMap((one) => (one.kind === 'take' ? [one.set] : []))),
  );
  const kinds = new Map([...sets].map(({ ascii }) => [ascii.join(''), ascii]));
  const byMembership = new Map<string, number>();
  for (let point = 0; point < 128; point += 1) {
    if (!allows(point)) continue;
    const character = String.fromCharCode(point);
    const others = `${/\w/.test(character)} ${point === 0x0a} ${composed.includes(character)}`;
    const membership = [...kinds.values()].map((ascii) => ascii[point]).join('');
    byMembership.set(`${membership} ${others}`, point);
  }
  const points = [...byMembership.values()];
  const beyond = allows(0xe9) ? [withMarks('beyond'), ...points.map(withMarks)] : [];
  return [...points.map((point): Sign => [[point]]), ...beyond];
}

/** One place for each track, in every combination. */
function combine(choices: readonly (readonly Place[])[]): Place[][] {
  return choices.reduce<Place[][]>(
    (lists, some) => lists.flatMap((list) => some.map((place) => [...list, place])),
    [[]],
  );
}

function search(tracks: readonly Track[], signs: readonly Sign[]): boolean {
  const states: (readonly Place[])[] = [tracks.map(({ program }) => begin(program))];
  const seen = new Set<string>();
  for (let state = states.pop(); state !== undefined; state = states.pop()) {
    const places = state;
    if (
      tracks.every(
        ({ program, isWanted }, index) => isFoundAtEnd(program, places[index] ?? begin(program)) === isWanted,
      )
    )
      return true;
    for (const sign of signs) {
      const choices = tracks.map((track, index) => step(track, places[index] ?? begin(track.program), sign));
      for (const next of combine(choices)) {
        const key = next.map(keyOf).join('|');
        if (seen.has(key)) continue;
        if (seen.size >= mostStates || tracks.some(({ program }) => program.effort.spent > mostSteps)) return true;
        seen.add(key);
        states.push(next);
      }
    }
  }
  return false;
}

export function canMatch({ wanted, unwanted = [] }: Patterns, { allows, form }: Texts): boolean {
  const toTrack =
    (isWanted: boolean) =>
    (pattern: string): Track => ({
      program: toProgram(pattern),
      isWanted,
      known: new Map(),
    });
  try {
    const tracks = [
      ...[...wanted, ...(form === undefined ? [] : [form])].map(toTrack(true)),
      ...unwanted.map(toTrack(false)),
    ];
    return search(tracks, toSigns(tracks, allows));
  } catch (error) {
    if (error instanceof NotUnderstood) return true;
    throw error;
  }
}
