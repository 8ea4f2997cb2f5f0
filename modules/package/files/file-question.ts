/** The paths that a question asks about, under all names that packages may have for them. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { native } from '../../../native/index.ts';
import type { MergedFolders } from './merged-folders.ts';

export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/** Undefined when it is not there. @param path of the system below `root`. */
function toRealPath(root: string, path: string): string | undefined {
  try {
    const real = realpathSync.native(join(root, path));
    if (root === '/') return real;
    return real === root ? '/' : real.startsWith(`${root}/`) ? real.slice(root.length) : undefined;
  } catch {
    return undefined;
  }
}

/** A path, and the same through links of its folders. */
function spellings(root: string, path: string): readonly string[] {
  const folder = toRealPath(root, dirname(path));
  return folder === undefined ? [path] : [path, join(folder, basename(path))];
}

export class FileQuestion {
  /** The paths of the question by each of their names. */
  readonly #exact = new Map<string, string>();
  readonly #globs: ((path: string) => readonly number[]) | undefined;
  readonly #merged: MergedFolders;

  /** @param texts paths, or globs for several. */
  constructor(root: string, texts: readonly string[], merged: MergedFolders) {
    for (const asked of texts.filter((text) => !isGlob(text)))
      for (const name of spellings(root, asked).flatMap((path) => merged.namesOf(path))) this.#exact.set(name, asked);
    const globs = texts.filter(isGlob);
    this.#globs = globs.length === 0 ? undefined : native().compileGlobs(globs);
    this.#merged = merged;
  }

  get isEmpty(): boolean {
    return this.#exact.size === 0 && this.#globs === undefined;
  }

  /** The names by which the question asks for a file. */
  namesOf(path: string): readonly string[] {
    const asked = this.#exact.get(path);
    const exact = asked === undefined ? [] : [asked];
    if (this.#globs === undefined) return exact;
    const matching = this.#merged.namesOf(path).filter((name) => (this.#globs?.(name).length ?? 0) > 0);
    return [...new Set([...exact, ...matching])];
  }

  /** Whether a list of paths may have one; a search for texts is faster than splitting all lists. */
  mayBeIn(list: Buffer): boolean {
    return this.#globs !== undefined || [...this.#exact.keys()].some((path) => list.includes(path));
  }
}
