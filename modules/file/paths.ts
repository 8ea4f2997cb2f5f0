/** The paths of a search on this machine: what is there is taken as it is, the rest may be a glob. */
import { lstatSync } from 'node:fs';
import glob from 'fast-glob';

/** More paths than this are not a question any more; the rest is noted. */
const maximumPaths = 10_000;

export interface ExpandedPaths {
  readonly paths: readonly string[];
  readonly notes: readonly string[];
}

/** One spelling for one path: without trailing, doubled and `.` parts; `..` is left to the system, it may follow a link. */
function tidy(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Not to be seen by us is still there: the walk reports it.
    return true;
  }
}

async function expandGlob(pattern: string, signal: AbortSignal): Promise<ExpandedPaths> {
  const paths: string[] = [];
  const matches = glob.stream(pattern, {
    onlyFiles: false,
    dot: true,
    followSymbolicLinks: false,
    suppressErrors: true,
  });
  for await (const match of matches) {
    if (signal.aborted) return { paths, notes: [] };
    if (paths.length >= maximumPaths)
      return { paths, notes: [`${pattern}: stands for more than ${maximumPaths} paths, only so many were searched`] };
    paths.push(tidy(String(match)));
  }
  return { paths, notes: [] };
}

/** Paths of another system are noted: an action may list those of several. */
export async function expandPaths(paths: readonly string[], signal: AbortSignal): Promise<ExpandedPaths> {
  const expanded: ExpandedPaths[] = [];
  for (const path of paths) {
    if (!path.startsWith('/')) expanded.push({ paths: [], notes: [`${path}: not a path of this system`] });
    else if (isThere(path) || !glob.isDynamicPattern(path)) expanded.push({ paths: [tidy(path)], notes: [] });
    else expanded.push(await expandGlob(path, signal));
  }
  return {
    paths: [...new Set(expanded.flatMap((one) => one.paths))],
    notes: [...new Set(expanded.flatMap((one) => one.notes))],
  };
}
