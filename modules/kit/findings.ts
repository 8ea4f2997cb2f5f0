/** Collects a run's findings within the result's limits: hits, examined counts, skips and their reasons. */
import type { DisclosureClass } from '../../protocol/environment/disclosure.ts';
import { maximumSources, type Receipt, type SkipReason, type Source } from '../../protocol/result/result.ts';
import type { Permit } from './gate.ts';
import type { Doubt } from './inner/inner-question.ts';

/** Room for keys, statistics, notes and the receipt. */
const shareOfHits = 0.9;

export interface FindingLimits {
  readonly resultBytes: number;
  /** Maximum hits of a search by label; 0 for no limit, as for missing searches. */
  readonly matchLimits: ReadonlyMap<string, number>;
  readonly answer: DisclosureClass;
}

/** A source of which everything is known. */
type NamedSource = Source & Required<Pick<Source, 'path' | 'entries'>>;

/** Nested by place, with lists as leaves. */
type Tree<Element> = { [key: string]: Tree<Element> | Element[] };

/** Counts by reason, for the receipt. */
class Tally<Reason extends string> {
  readonly #counts = new Map<Reason, number>();

  add(reason: Reason, count: number): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  of(reason: Reason): number {
    return this.#counts.get(reason) ?? 0;
  }

  entries(): [Reason, number][] {
    return [...this.#counts];
  }
}

export class Findings<Element extends object> {
  readonly #limits: FindingLimits;
  readonly #toNamesOnly: (element: Element) => Element;
  readonly #elements: Tree<Element> = {};
  readonly #hits = new Map<string, number>();
  readonly #limited = new Set<string>();
  readonly #skipped = new Tally<SkipReason>();
  readonly #commonDoubts = new Set<Doubt>();
  /** Of one search alone, by label. */
  readonly #doubts = new Map<string, Set<Doubt>>();
  readonly #examined = new Tally<string>();
  readonly #counts = new Tally<string>();
  readonly #sources: Source[] = [];
  readonly #notes: string[] = [];
  readonly #namingNotes: string[] = [];
  #cutShort: Receipt['cutshort'] = null;
  /** Why searches failed, by label. */
  readonly #failures = new Map<string, Set<string>>();
  #totalHits = 0;
  #leftBytes: number;

  constructor(limits: FindingLimits, toNamesOnly: (element: Element) => Element) {
    this.#limits = limits;
    this.#toNamesOnly = toNamesOnly;
    this.#leftBytes = Math.floor(limits.resultBytes * shareOfHits);
    if (this.#lists) for (const label of limits.matchLimits.keys()) this.#elements[label] = [];
  }

  get #lists(): boolean {
    return this.#limits.answer === 'names' || this.#limits.answer === 'metadata';
  }

  /** False in a yes-or-no answer: the run must not reveal how many fit. */
  get tellsCounts(): boolean {
    return this.#limits.answer !== 'yesno';
  }

  /** Whether elements are listed with all that is known of them. */
  get tellsMetadata(): boolean {
    return this.#limits.answer === 'metadata';
  }

  /** Whether the result is full, so that the run may end. */
  get isFull(): boolean {
    return this.#leftBytes < 0;
  }

  get totalHits(): number {
    return this.#totalHits;
  }

  /** Whether the search takes another hit; notes the limit otherwise. One hit is enough for a yes. */
  accepts(search: string): boolean {
    if (!this.tellsCounts) return !this.#hits.has(search) && !this.isFull;
    const limit = this.#limits.matchLimits.get(search) ?? 0;
    const isLimited = limit !== 0 && (this.#hits.get(search) ?? 0) >= limit;
    if (isLimited) this.#limited.add(search);
    return !isLimited && !this.isFull;
  }

  /**
   * Adds a hit.
   * @param place the search's label; or a parameter and its value.
   * @returns false when the result has no room for it, nor for any later hit.
   */
  hit(_permit: Permit, element: Element, ...place: readonly [string, ...string[]]): boolean {
    const [search] = place;
    if (!this.accepts(search)) return !this.isFull;
    if (this.#lists) {
      const told = this.#limits.answer === 'metadata' ? element : this.#toNamesOnly(element);
      if (!this.takeBytes(told)) return false;
      this.#listAt(place).push(told);
    }
    this.#hits.set(search, (this.#hits.get(search) ?? 0) + 1);
    this.#totalHits += 1;
    return true;
  }

  /** Adds to the element of a hit; omitted without room. */
  amend<Part extends Partial<Element>>(element: Element, part: Part): void {
    if (Object.keys(part).length > 0 && this.takeBytes(part)) Object.assign(element, part);
  }

  /** False when the value does not fit into the result. */
  takeBytes(value: unknown): boolean {
    this.#leftBytes -= Buffer.byteLength(JSON.stringify(value)) + 1;
    return !this.isFull;
  }

  #listAt(place: readonly string[]): Element[] {
    let tree = this.#elements;
    for (const key of place.slice(0, -1)) {
      const below = tree[key];
      const next = below === undefined || Array.isArray(below) ? {} : below;
      tree[key] = next;
      tree = next;
    }
    const last = place.at(-1) ?? '';
    const list = tree[last];
    if (Array.isArray(list)) return list;
    const made: Element[] = [];
    tree[last] = made;
    return made;
  }

  /** Counts something that was not examined. @param searches that may lack it; all unless given. */
  skip(reason: SkipReason, count = 1, searches?: readonly string[]): void {
    if (count <= 0) return;
    this.#skipped.add(reason, count);
    if (searches === undefined) this.#commonDoubts.add(reason);
    else for (const search of searches) this.doubt(search, reason);
  }

  /** Notes why a search may lack something, or cannot find anything here. */
  doubt(search: string, doubt: Doubt): void {
    const doubts = this.#doubts.get(search) ?? new Set();
    this.#doubts.set(search, doubts.add(doubt));
  }

  /** Why a search may lack something. @param stopped as for `toOutcome`. */
  doubtsOf(search: string, stopped: 'time' | 'cancelled' | null): ReadonlySet<Doubt> {
    const cut = this.isFull ? 'result-size' : (stopped ?? this.#cutShort);
    const doubts = new Set([...this.#commonDoubts, ...(this.#doubts.get(search) ?? [])]);
    if (cut !== null) doubts.add(cut);
    if (this.#limited.has(search)) doubts.add('match-limit');
    return doubts;
  }

  /** Null unless the search failed. */
  failureOf(search: string): string | null {
    const messages = this.#failures.get(search);
    return messages === undefined ? null : [...messages].join('\n');
  }

  skippedFor(reason: SkipReason): number {
    return this.#skipped.of(reason);
  }

  /** Counts examined things. @param kind `files`, `processes`, `bytes`. */
  examine(kind: string, count: number): void {
    this.#examined.add(kind, count);
  }

  examined(kind: string): number {
    return this.#examined.of(kind);
  }

  /** Names a source in the receipt, as far as the answer may. */
  source({ path, entries, from, to, ...source }: NamedSource): void {
    const told = {
      ...source,
      ...(this.tellsCounts && from !== undefined && to !== undefined ? { from, to } : {}),
      ...(this.#lists ? { path } : {}),
      ...(this.tellsCounts ? { entries } : {}),
    };
    if (this.#sources.length < maximumSources && this.takeBytes(told)) this.#sources.push(told);
  }

  /** Adds to one of the module's declared counts. */
  count(name: string, count: number): void {
    this.#counts.add(name, count);
  }

  /** A note for people, without any names of the host. */
  note(text: string): void {
    if (this.takeBytes(text)) this.#notes.push(text);
  }

  /** A note for people with names of files or processes: an answer without names omits it. */
  noteNaming(text: string): void {
    if (this.takeBytes(text)) this.#namingNotes.push(text);
  }

  /** Reports a search that ended at its match limit in the native engine. */
  limitSearch(search: string): void {
    if (this.tellsCounts) this.#limited.add(search);
  }

  /** Reports that the native engine ended early. */
  cutShort(reason: NonNullable<Receipt['cutshort']>): void {
    this.#cutShort = reason;
  }

  /** Fails one search: its findings are dropped, and those of the others stay. The operation fails when all do. */
  failSearch(label: string, message: string): void {
    const messages = this.#failures.get(label) ?? new Set();
    this.#failures.set(label, messages.add(message));
    this.#totalHits -= this.#hits.get(label) ?? 0;
    this.#hits.delete(label);
    this.#limited.delete(label);
    if (this.#lists) this.#elements[label] = [];
  }

  /** The message of one search is that of the question; of several, each begins with its label. */
  get #failureNotes(): readonly string[] {
    const labels = [...this.#limits.matchLimits.keys()];
    return [...this.#failures].flatMap(([label, messages]) =>
      [...messages].map((message) => (labels.length === 1 ? message : `search '${label}': ${message}`)),
    );
  }

  /** @param stopped why the run was stopped; null when it was not. */
  toOutcome(stopped: 'time' | 'cancelled' | null): FindingsOutcome {
    const limited = [...this.#limited];
    this.skip('match-limit', limited.length);
    const limits = this.#limits.matchLimits;
    const limitNotes = limited.map(
      (label) => `search '${label}' ended at its match limit of ${limits.get(label)}, there may be more hits`,
    );
    const reached: Receipt['cutshort'] = limited.length > 0 ? 'match-limit' : null;
    return {
      failure: this.#failures.size > 0 && this.#failures.size >= limits.size ? this.#failureNotes.join('\n') : null,
      elements: this.#elements,
      totalHits: this.#toTold(this.#totalHits),
      counts: Object.fromEntries(this.#counts.entries()),
      notes: [...this.#failureNotes, ...limitNotes, ...this.#notes, ...this.#toNamingNotes()],
      examined: Object.fromEntries(this.#examined.entries()),
      ...(this.#sources.length === 0 ? {} : { sources: this.#sources }),
      skipped: this.#skipped.entries().map(([reason, count]) => ({ reason, count: this.#toTold(count) })),
      cutshort: this.isFull ? 'result-size' : (stopped ?? this.#cutShort ?? reached),
    };
  }

  /** A yes-or-no answer only says whether there is a skip. */
  #toTold(count: number): number {
    return this.tellsCounts ? count : Math.min(count, 1);
  }

  #toNamingNotes(): readonly string[] {
    const count = this.#namingNotes.length;
    if (this.#lists || count === 0) return this.#namingNotes;
    return [`${this.tellsCounts ? `${count} ` : ''}messages that name files are left out of an answer without names`];
  }
}

export interface FindingsOutcome {
  /** Null unless the operation failed. */
  readonly failure: string | null;
  readonly elements: unknown;
  readonly totalHits: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly examined: Receipt['examined'];
  readonly sources?: readonly Source[];
  readonly skipped: Receipt['skipped'];
  readonly cutshort: Receipt['cutshort'];
}
