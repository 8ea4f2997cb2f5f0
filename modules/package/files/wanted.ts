/** What a question wants to know of the files of packages. */
import * as z from 'zod';
import type { Host } from '../../kit/files/host.ts';
import { toLatin1, toText } from '../../kit/files/latin1-text.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { PathQuestion } from '../../kit/packages/path-question.ts';
import type { PackageRow } from '../columns.ts';
import { findReplacedFiles, type ReplacedFiles } from '../running/mapped-files.ts';

const Search = z.object({ files: z.array(z.string()).default([]), running: z.boolean().default(false) });

export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/** A path of a question as rows have it. */
export function toPathText(path: string): string {
  return toText(toLatin1(path));
}

/** Gets each file of each package, and makes rows of those that the question wants. */
export class WantedFiles {
  /** The wanted files, whatever is told of them. */
  readonly question: PathQuestion;
  readonly #owned: PathQuestion;
  /** By their paths as the question has them. */
  readonly #replaced: ReplacedFiles;

  constructor(host: Host, files: readonly string[], replaced: ReplacedFiles) {
    const globs = files.filter(isGlob);
    const paths = files.filter((file) => !isGlob(file));
    this.#owned = new PathQuestion(host, paths, globs);
    this.#replaced = replaced;
    this.question = replaced.size === 0 ? this.#owned : new PathQuestion(host, [...paths, ...replaced.keys()], globs);
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
  return new WantedFiles(
    host,
    searches.flatMap(({ files }) => files),
    replaced,
  );
}
