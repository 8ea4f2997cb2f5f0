/** One search, ready to be carried out: its sources, its times, what it counts by, and a tally for each source. */
import { Tally } from './count/tally.ts';
import type { Search } from './module.ts';
import { type By, parseBy } from './question/by.ts';
import { toSources } from './question/check-search.ts';
import { toWindow, type Window } from './question/moment.ts';
import type { LogSource } from './question/sources.ts';
import { Signs } from './signs/signs.ts';

export interface SearchPlan {
  readonly label: string;
  readonly search: Search;
  readonly window: Window;
  readonly by: By | undefined;
  /** Null unless holes are asked for instead of entries. */
  readonly signs: Signs | null;
  readonly tallies: ReadonlyMap<LogSource, Tally>;
  /** Different values that are told apart. */
  readonly mostValues: number;
}

function toBy(text: string | undefined): By | undefined {
  const by = text === undefined ? undefined : parseBy(text);
  // The schema has refused it.
  if (typeof by === 'string') throw new Error(by);
  return by;
}

/** @param mostValues different ones, by which it counts. */
export function toPlan(label: string, search: Search, nowMs: number, mostValues: number): SearchPlan {
  return {
    label,
    search,
    window: toWindow(search.since, search.until, nowMs),
    by: toBy(search.by),
    signs: search.signs ? new Signs() : null,
    tallies: new Map(toSources(search).map((source) => [source, new Tally(mostValues)])),
    mostValues,
  };
}
