/**
 * Paths of a question that lead to what must not be told of. They are judged before anything is looked at, so that the answer
 * is the same whether it is there: or its name could be guessed, and then completed.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import glob from 'fast-glob';
import type { Protection } from '../contract.ts';
import { toPathMatcher } from '../shared/path-glob.ts';

/** Where the path leads: as much of it as is there without links, the rest as it is. */
function toRealPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(toRealPath(parent), basename(path));
  }
}

export class HiddenPaths {
  readonly #matchers: readonly ((path: string) => boolean)[];

  constructor(protection: Protection | undefined) {
    const hiding = (protection?.rules ?? []).filter(({ mayTell }) => !mayTell);
    this.#matchers = hiding.map((rule) => toPathMatcher(rule.glob));
  }

  /** By its own name and by what it leads to; a pattern is taken for a name. */
  has(path: string): boolean {
    if (this.#matchers.length === 0) return false;
    const own = join(toRealPath(dirname(path)), basename(path));
    const names = new Set([path, own, ...(glob.isDynamicPattern(path) ? [] : [toRealPath(path)])]);
    return this.#matchers.some((matches) => [...names].some(matches));
  }
}
