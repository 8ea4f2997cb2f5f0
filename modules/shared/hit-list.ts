/** Hits by search, within the match limit of each and the size that the result may have. */

/** Labels, statistics, errors and the receipt need room, too. */
const shareOfHits = 0.9;

export interface LimitedSearch {
  readonly label: string;
  /** Hits after which the search ends; 0 for no limit. */
  readonly matchLimit: number;
}

export class HitList<Element> {
  readonly #searches: readonly LimitedSearch[];
  readonly #elements: Element[][];
  readonly #limited = new Set<number>();
  #leftBytes: number;

  constructor(searches: readonly LimitedSearch[], resultBytes: number) {
    this.#searches = searches;
    this.#elements = searches.map(() => []);
    this.#leftBytes = Math.floor(resultBytes * shareOfHits);
  }

  /** Leaves the hit out when the search has reached its limit or the result is full. */
  add(search: number, element: Element): void {
    const list = this.#elements[search];
    if (list === undefined || !this.takes(search)) return;
    if (this.takeBytes(element)) list.push(element);
  }

  /** Whether another hit of the search would be taken; notes the limit when it would not. */
  takes(search: number): boolean {
    const limit = this.#searches[search]?.matchLimit ?? 0;
    const isLimited = limit !== 0 && (this.#elements[search]?.length ?? 0) >= limit;
    if (isLimited) this.#limited.add(search);
    return !isLimited && !this.isFull;
  }

  /** False when the value has no place in the result any more. */
  takeBytes(value: unknown): boolean {
    this.#leftBytes -= Buffer.byteLength(JSON.stringify(value)) + 1;
    return !this.isFull;
  }

  get isFull(): boolean {
    return this.#leftBytes < 0;
  }

  get limitedCount(): number {
    return this.#limited.size;
  }

  get totalHits(): number {
    return this.#elements.reduce((sum, list) => sum + list.length, 0);
  }

  /** One line for each search that ended at its limit. */
  notes(): string[] {
    return [...this.#limited].flatMap((index) => {
      const search = this.#searches[index];
      return search === undefined
        ? []
        : [`search '${search.label}' ended at its match limit of ${search.matchLimit}, there may be more`];
    });
  }

  toElements(): Record<string, Element[]> {
    return Object.fromEntries(this.#searches.map(({ label }, index) => [label, this.#elements[index] ?? []]));
  }
}
