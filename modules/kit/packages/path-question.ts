/** The paths that a question asks about, under all names that packages may have for them. */
import { basename, dirname, join } from 'node:path';
import { native } from '../../../native/index.ts';
import type { Host } from '../files/host.ts';
import { toLatin1, toPath } from '../files/latin1-text.ts';
import { MergedFolders } from './merged-folders.ts';

export class PathQuestion {
  /** The paths of the question by each of their names. */
  readonly #exact = new Map<string, string[]>();
  readonly #globs: ((path: string) => readonly number[]) | undefined;
  readonly #merged: MergedFolders;
  readonly #host: Host;
  /** Real paths of folders: many files share theirs. */
  readonly #folders = new Map<string, string | undefined>();

  /** @param paths absolute ones of the host. @param globs for several of its files. */
  constructor(host: Host, paths: readonly string[], globs: readonly string[] = []) {
    this.#host = host;
    this.#merged = new MergedFolders(host);
    this.#globs = globs.length === 0 ? undefined : native().compileGlobs(globs);
    for (const path of paths) this.#add(path);
  }

  #add(asked: string): void {
    for (const spelling of this.#spellings(asked))
      for (const name of this.#merged.namesOf(toLatin1(spelling))) {
        const known = this.#exact.get(name);
        if (known === undefined) this.#exact.set(name, [asked]);
        else if (!known.includes(asked)) known.push(asked);
      }
  }

  get isEmpty(): boolean {
    return this.#exact.size === 0 && this.#globs === undefined;
  }

  /** All names, in Latin-1; undefined when a glob may fit any. */
  get names(): readonly string[] | undefined {
    return this.#globs === undefined ? [...this.#exact.keys()] : undefined;
  }

  /** The paths of the question, or the names that its globs fit, for a path of a package in Latin-1. */
  namesOf(path: string): readonly string[] {
    const exact = this.#exact.get(path) ?? [];
    if (this.#globs === undefined) return exact;
    const matching = this.#merged
      .namesOf(path)
      .map(toPath)
      .filter((name) => (this.#globs?.(name).length ?? 0) > 0);
    return [...new Set([...exact, ...matching])];
  }

  /** A path, and the same through links of its folders. */
  #spellings(path: string): readonly string[] {
    const parent = dirname(path);
    if (!this.#folders.has(parent)) this.#folders.set(parent, this.#host.resolve(parent));
    const folder = this.#folders.get(parent);
    return folder === undefined || folder === parent ? [path] : [path, join(folder, basename(path))];
  }
}
