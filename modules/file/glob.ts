/** Finds the paths that fit a glob. What a shell lists counts: links to folders are entered, by `**` alone they are not. */
import glob from 'fast-glob';
import { plural } from '../../protocol/base/plural.ts';
import { ListedFolders } from './listed-folders.ts';

/** The most paths of one glob. */
const maximumPaths = 10_000;

interface GlobMatches {
  readonly paths: readonly string[];
  /** Why there may be more paths than these. */
  readonly cuts: readonly string[];
}

interface GlobParts {
  readonly head: string;
  /** From the first `**` on; empty without one. */
  readonly tail: string;
}

/** Between slashes, the beginning of a group with a slash in it. */
function opensGroup(name: string): boolean {
  return /[{(]/.test(name) && !/[})]/.test(name);
}

function splitAtStars(pattern: string): GlobParts {
  if (!pattern.includes('**')) return { head: pattern, tail: '' };
  const names = pattern.split('/');
  const start = names.findIndex((name) => name.includes('**') || opensGroup(name));
  return { head: names.slice(0, start).join('/'), tail: names.slice(start).join('/') };
}

async function match(
  pattern: string,
  entersLinks: boolean,
  ignoresCase: boolean,
  signal: AbortSignal,
): Promise<GlobMatches> {
  const paths: string[] = [];
  const folders = new ListedFolders(entersLinks, signal);
  const matches = glob.stream(pattern, {
    caseSensitiveMatch: !ignoresCase,
    onlyFiles: false,
    dot: true,
    followSymbolicLinks: entersLinks,
    suppressErrors: true,
    fs: { readdir: folders.readdir },
  });
  for await (const path of matches) {
    if (signal.aborted) return { paths, cuts: [] };
    if (paths.length >= maximumPaths)
      return { paths, cuts: [`matches more than ${maximumPaths} paths; only that many were searched`] };
    paths.push(String(path));
  }
  return { paths, cuts: folders.cuts };
}

/** @param pattern absolute, with slashes on every system */
export async function expandGlob(pattern: string, ignoresCase: boolean, signal: AbortSignal): Promise<GlobMatches> {
  const { head, tail } = splitAtStars(pattern);
  if (tail === '') return match(head, true, ignoresCase, signal);
  if (!glob.isDynamicPattern(head)) return match(pattern, false, ignoresCase, signal);
  const folders = await match(head, true, ignoresCase, signal);
  const paths: string[] = [];
  const cuts = new Set(folders.cuts);
  for (const folder of folders.paths) {
    const below = await match(`${glob.escapePath(folder)}/${tail}`, false, ignoresCase, signal);
    paths.push(...below.paths.slice(0, maximumPaths - paths.length));
    for (const reason of below.cuts) cuts.add(reason);
    if (paths.length >= maximumPaths) {
      cuts.add(`matches ${plural(maximumPaths, 'path', 'paths')} or more; only that many were searched`);
      break;
    }
  }
  return { paths, cuts: [...cuts] };
}
