/** What a question wants to know of the files of packages. */
import { join } from 'node:path';
import * as z from 'zod';
import { toText } from '../../kit/files/latin1-text.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import type { PackageRow } from '../columns.ts';
import { findReplacedFiles, type ReplacedFiles } from '../running/mapped-files.ts';
import { FileQuestion } from './file-question.ts';
import { MergedFolders } from './merged-folders.ts';

const Search = z.object({ files: z.array(z.string()).default([]), running: z.boolean().default(false) });

/** Gets each file of each package, and makes rows of those that the question wants. */
export class WantedFiles {
  readonly #owned: FileQuestion;
  readonly #replaced: ReplacedFiles;
  readonly #merged: MergedFolders;

  constructor(owned: FileQuestion, replaced: ReplacedFiles, merged: MergedFolders) {
    this.#owned = owned;
    this.#replaced = replaced;
    this.#merged = merged;
  }

  get isEmpty(): boolean {
    return this.#owned.isEmpty && this.#replaced.size === 0;
  }

  mayWant(path: string): boolean {
    return this.#replaced.size > 0 || this.#owned.namesOf(path).length > 0;
  }

  /** Whether a list of paths may have a wanted one. */
  mayBeIn(list: Buffer): boolean {
    return this.#replaced.size > 0 || this.#owned.mayBeIn(list);
  }

  /** @param path in Latin-1, as the package has it. */
  *rowsOf(row: PackageRow, path: string): Generator<PackageRow> {
    for (const asked of this.#owned.namesOf(path)) yield { ...row, file: toText(asked), is: 'owned' };
    for (const name of this.#replaced.size === 0 ? [] : this.#merged.namesOf(path))
      for (const { pid, process } of this.#replaced.get(name) ?? [])
        yield { ...row, file: toText(name), is: 'replaced', pid, process: toText(process) };
  }
}

export async function toWantedFiles(root: string, work: SourceWork): Promise<WantedFiles> {
  const searches = work.searches.map((search) => Search.parse(search));
  const merged = new MergedFolders(root);
  const owned = new FileQuestion(
    root,
    searches.flatMap(({ files }) => files),
    merged,
  );
  const isRunning = searches.some(({ running }) => running);
  const replaced = isRunning ? await findReplacedFiles(join(root, 'proc'), work) : new Map();
  return new WantedFiles(owned, replaced, merged);
}
