/** The counts of one search in one source. */
import { addSpan, emptySpan, type Span } from './span.ts';

/** Values beyond these are counted together: a hostile log has a new one in each line. */
const mostValues = 65_536;
/** Of all searches of a question together. */
const mostOfAll = 4 * mostValues;

/** @param searches of the question. */
export function mostValuesOf(searches: number): number {
  return Math.min(mostValues, Math.floor(mostOfAll / Math.max(1, searches)));
}

const mostFiles = 20;

export class Tally {
  readonly all = emptySpan();
  readonly values = new Map<string, Span>();
  /** Of values beyond the limit. */
  readonly beyond = emptySpan();
  readonly #files = new Set<string>();
  readonly #mostValues: number;

  /** @param values as `mostValuesOf` says. */
  constructor(values: number) {
    this.#mostValues = values;
  }

  /** Of the first files with entries. */
  get files(): readonly string[] {
    return [...this.#files];
  }

  /** @param path of the file, as `Host.at` makes it. */
  add(path: string, span: Readonly<Span>): void {
    if (span.count === 0) return;
    addSpan(this.all, span);
    if (this.#files.size < mostFiles) this.#files.add(path);
  }

  /** Entries of a source that does not tell which file has them. */
  addAll(span: Readonly<Span>): void {
    addSpan(this.all, span);
  }

  /** Entries that are in `all` as well. */
  addValue(value: string, span: Readonly<Span>): void {
    const known = this.values.get(value);
    if (known !== undefined) addSpan(known, span);
    else if (this.values.size >= this.#mostValues) addSpan(this.beyond, span);
    else this.values.set(value, { ...span });
  }

  /** Of values that the engine counted together. */
  addBeyond(span: Readonly<Span>): void {
    addSpan(this.beyond, span);
  }
}
