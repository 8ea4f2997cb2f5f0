/** A measurement of a module and its peer: `modules/<name>/<name>.bench.ts`. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  /** Null when the peer is not installed. */
  readonly peer: number | null;
  readonly unit: string;
  readonly ratio: number | null;
  readonly goal: string;
  readonly met: boolean;
}
