/** How many entries, and when the first and the last was written. */
export interface Span {
  count: number;
  /** Milliseconds since 1970; null while no entry has a time. */
  firstMs: number | null;
  lastMs: number | null;
}

export function emptySpan(): Span {
  return { count: 0, firstMs: null, lastMs: null };
}

function lesser(left: number | null, right: number | null): number | null {
  return left === null || right === null ? (left ?? right) : Math.min(left, right);
}

function greater(left: number | null, right: number | null): number | null {
  return left === null || right === null ? (left ?? right) : Math.max(left, right);
}

/** Adds to the first. */
export function addSpan(sum: Span, { count, firstMs, lastMs }: Readonly<Span>): void {
  sum.count += count;
  sum.firstMs = lesser(sum.firstMs, firstMs);
  sum.lastMs = greater(sum.lastMs, lastMs);
}
