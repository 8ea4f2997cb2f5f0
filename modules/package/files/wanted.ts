/** What a question wants to know of the files of packages. */
import * as z from 'zod';
import type { Host } from '../../kit/files/host.ts';
import { toLatin1, toText } from '../../kit/files/latin1-text.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { PathQuestion } from '../../kit/packages/path-question.ts';
import type { PackageRow } from '../columns.ts';
import { toPackageTest } from '../package-test.ts';
import { findReplacedFiles, type ReplacedFiles } from '../running/mapped-files.ts';
import { isGlob, toPathText } from './question-path.ts';

const Search = z.object({
  files: z.array(z.string()).default([]),
  running: z.boolean().default(false),
  altered: z.boolean().default(false),
});
type Search = z.infer<typeof Search>;

/** The names under which rows have a file of this path, in Latin-1, that may be altered. */
type AlteredNames = (path: string) => readonly string[];

/** A search about some files has them under the names by which it asks for them. */
function toAlteredNames(host: Host, searches: readonly Search[]): AlteredNames | undefined {
  if (searches.length === 0) return undefined;
  const files = searches.flatMap((search) => search.files);
  const question = new PathQuestion(
    host,
    files.filter((file) => !isGlob(file)),
    files.filter(isGlob),
  );
  const isAboutAll = searches.some((search) => search.files.length === 0);
  return (path) => {
    const names = question.isEmpty ? [] : question.namesOf(path).map(toLatin1);
    return isAboutAll ? [...new Set([path, ...names])] : names;
  };
}

/** Gets each file of each package, and makes rows of those that the question wants. */
export class WantedFiles {
  /** The wanted files, whatever is told of them. */
  readonly question: PathQuestion;
  readonly #owned: PathQuestion;
  /** By their paths as the question has them. */
  readonly #replaced: ReplacedFiles;

  /** Undefined when no search is about altered files. */
  readonly alteredNames: AlteredNames | undefined;
  readonly #isVerified: (row: PackageRow) => boolean;

  constructor(
    host: Host,
    searches: readonly Search[],
    replaced: ReplacedFiles,
    isVerified: (row: PackageRow) => boolean,
  ) {
    const files = searches.filter(({ altered }) => !altered).flatMap((search) => search.files);
    const globs = files.filter(isGlob);
    const paths = files.filter((file) => !isGlob(file));
    this.#owned = new PathQuestion(host, paths, globs);
    this.#replaced = replaced;
    this.#isVerified = isVerified;
    this.alteredNames = toAlteredNames(
      host,
      searches.filter(({ altered }) => altered),
    );
    this.question = replaced.size === 0 ? this.#owned : new PathQuestion(host, [...paths, ...replaced.keys()], globs);
  }

  /** Whether the files of the package are to be compared with what it says of them. */
  verifies(row: PackageRow): boolean {
    return this.alteredNames !== undefined && row.status !== 'removed' && this.#isVerified(row);
  }

  get isEmpty(): boolean {
    return this.question.isEmpty;
  }

  /** @param path in Latin-1, as the package has it. */
  *rowsOf(row: PackageRow, path: string): Generator<PackageRow> {
    for (const asked of this.#owned.namesOf(path)) yield { ...row, file: toPathText(asked), is: 'owned' };
    if (this.#replaced.size === 0) return;
    for (const name of this.question.namesOf(path))
      for (const { pid, process } of this.#replaced.get(name) ?? [])
        yield { ...row, file: toPathText(name), is: 'replaced', pid, process: toText(process) };
  }
}

export async function toWantedFiles(host: Host, work: SourceWork): Promise<WantedFiles> {
  const searches = work.searches.map((search) => Search.parse(search));
  const isRunning = searches.some(({ running }) => running);
  const replaced = isRunning ? await findReplacedFiles(host.at('/proc'), work) : new Map();
  const tests = work.searches.filter((search) => search.altered === true).map(toPackageTest);
  return new WantedFiles(host, searches, replaced, (row) => tests.some((test) => test(row)));
}
