/** The agent's side of every listing: compares, counts and reports the rows of its source. */
import * as z from 'zod';
import { native } from '../../../native/index.ts';
import type { Findings } from '../findings.ts';
import type { Gate, Permit } from '../gate.ts';
import type { ModuleRun, Work } from '../work.ts';
import { Breather } from './breather.ts';
import { type ElementOf, type ListingColumns, type RowOf, toParameterName } from './columns.ts';
import type { RowFilters, SearchValues } from './row-filter.ts';
import { RowGroups } from './row-groups.ts';
import { toRowTest, type Verdict } from './row-test.ts';

/** Given to a source of rows: the stop signal, and a place to report skips. */
export interface SourceWork extends Pick<Work<object>, 'signal' | 'limits' | 'gate'> {
  /** Columns by which any search filters or groups: those of costly or protected sources are read only for these. */
  readonly asked: ReadonlySet<string>;
  /** The question itself, for sources whose subject stands in it: paths to look up. */
  readonly searches: readonly SearchValues[];
  readonly findings: Pick<Findings<object>, 'skip' | 'source' | 'note' | 'noteNaming'>;
}

/** All rows, whatever the question; its errors are handled like those of a run. */
type RowSource<Columns extends ListingColumns> = (
  work: SourceWork,
) => Iterable<RowOf<Columns>> | AsyncIterable<RowOf<Columns>>;

/** The part of a declaration that the run needs. */
interface Listing<Columns extends ListingColumns> {
  readonly things: string;
  readonly columns: Columns;
  readonly filters: RowFilters<Columns>;
}

const Question = z.object({
  searches: z.record(
    z.string(),
    z.looseObject({ options: z.looseObject({ rarest: z.array(z.string()).default([]) }) }),
  ),
});

class Search<Columns extends ListingColumns> {
  readonly label: string;
  readonly #test: (row: RowOf<Columns>) => Verdict;
  /** Undefined when each row is reported on its own. */
  readonly #groups: RowGroups<Columns> | undefined;
  readonly #findings: Findings<ElementOf<Columns>>;
  /** Whether no further row could add to it. */
  #isOver = false;

  constructor(
    label: string,
    test: (row: RowOf<Columns>) => Verdict,
    rarest: readonly string[],
    findings: Findings<ElementOf<Columns>>,
  ) {
    this.label = label;
    this.#test = test;
    this.#groups = rarest.length === 0 ? undefined : new RowGroups(rarest);
    this.#findings = findings;
  }

  examine(row: RowOf<Columns>, permit: Permit): Verdict {
    const verdict = this.#test(row);
    if (verdict !== 'yes' || this.#isOver) return verdict;
    if (this.#groups === undefined) this.#tell(permit, row);
    else if (!this.#groups.add(row, permit)) {
      this.#findings.cutShort('memory');
      this.#isOver = true;
    }
    return verdict;
  }

  tellGroups(): void {
    this.#isOver = false;
    for (const { element, permit } of this.#groups?.take() ?? []) {
      this.#tell(permit, element);
      if (this.#isOver) return;
    }
  }

  #tell(permit: Permit, element: ElementOf<Columns>): void {
    this.#isOver = !this.#findings.accepts(this.label) || !this.#findings.hit(permit, element, this.label);
  }
}

/** The columns by which a search filters or groups. */
function askedColumns(columns: ListingColumns, search: z.infer<typeof Question>['searches'][string]): string[] {
  const { rarest } = search.options;
  return Object.keys(columns).filter((name) => search[toParameterName(name)] !== undefined || rarest.includes(name));
}

/** A row is protected like the targets of its paths; rules cannot name a row without paths. */
function permitFor<Columns extends ListingColumns>(
  columns: Columns,
  gate: Gate,
): (row: RowOf<Columns>) => Permit | null {
  const names = Object.keys(columns).filter((name) => columns[name]?.kind.column === 'path');
  return (row) => {
    const paths = names.flatMap((name) => [row[name] ?? []].flat()).map(String);
    return paths.length === 0 ? gate.permitPathless() : gate.permitPaths(paths);
  };
}

/** @param module as returned by `defineListing`. */
export function runListing<Columns extends ListingColumns>(
  module: { readonly listing: Listing<Columns> },
  source: RowSource<Columns>,
): ModuleRun<unknown, ElementOf<Columns>> {
  const { things, columns, filters } = module.listing;
  return async (parameters, work) => {
    const { signal, gate, findings } = work;
    const { compilePattern } = native();
    const questions = Object.entries(Question.parse(parameters).searches);
    const searches = questions.map(
      ([label, search]) =>
        // A yes-or-no question takes the first row: grouping would end at a number of rows.
        new Search(
          label,
          toRowTest(columns, filters, search, compilePattern),
          findings.tellsCounts ? search.options.rarest : [],
          findings,
        ),
    );
    const toPermit = permitFor(columns, gate);
    const breather = new Breather();
    const asked = new Set(questions.flatMap(([, search]) => askedColumns(columns, search)));
    for await (const row of source({ ...work, asked, searches: questions.map(([, search]) => search) })) {
      if (breather.isDue) await breather.breathe();
      // Reads to the end even when all searches are complete: counts must not depend on the question.
      if (signal.aborted) break;
      findings.examine(things, 1);
      findings.count('examined', 1);
      // Judged before any filter, for the same reason.
      const permit = toPermit(row);
      if (permit === null) findings.skip('protected');
      else {
        const undecided = searches.filter((search) => search.examine(row, permit) === 'undecided');
        if (undecided.length > 0)
          findings.skip(
            'undecided',
            1,
            undecided.map(({ label }) => label),
          );
      }
    }
    for (const search of searches) search.tellGroups();
  };
}
