/** One search on its way through one process: what matched so far, and whether it can still hit. */

import type { FilterName, Match, MemoryElement } from './module.ts';
import type { PlannedSearch } from './plan.ts';

/** How many values of a list must match when all filters must. Any sign will do. */
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

  /** Takes what matched of one list; nothing happens when the search does not ask for it. */
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
