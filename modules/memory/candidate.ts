/** One search on one process: the matches so far, and whether it can still hit. */

import type { FilterName, Match, MemoryElement } from './module.ts';
import type { PlannedSearch } from './plan.ts';

/** The number of a list's values that must match when all filters must. One sign is enough. */
function countNeeded(values: readonly string[] | undefined, list: FilterName): number {
  const count = values?.length ?? 0;
  return list === 'signs' ? Math.min(count, 1) : count;
}

export class Candidate {
  readonly planned: PlannedSearch;
  readonly matched: MemoryElement['search'] = {};
  #isRuledOut = false;

  constructor(planned: PlannedSearch) {
    this.planned = planned;
  }

  asksFor(list: FilterName): boolean {
    return !this.#isRuledOut && (this.planned.search[list]?.length ?? 0) > 0;
  }

  /** Takes the matches of one list; ignored when the search does not use it. */
  take(list: FilterName, matches: readonly Match[]): void {
    if (!this.asksFor(list)) return;
    if (matches.length > 0) this.matched[list] = [...matches];
    const isComplete = matches.length >= countNeeded(this.planned.search[list], list);
    if (this.planned.search.options.matchall && !isComplete) this.#isRuledOut = true;
  }

  get isHit(): boolean {
    return !this.#isRuledOut && Object.keys(this.matched).length > 0;
  }
}
