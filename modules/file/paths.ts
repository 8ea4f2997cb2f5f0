/** Finds a search's paths on this machine: an existing path is taken literally, any other may be a glob. */
import { lstatSync } from 'node:fs';
import { win32 } from 'node:path';
import glob from 'fast-glob';

/** The most paths of one glob; the rest is noted. */
const maximumPaths = 10_000;

export interface ExpandedPaths {
  readonly paths: readonly string[];
  readonly notes: readonly string[];
}

/** A system's path syntax. */
export interface PathStyle {
  readonly isOwn: (path: string) => boolean;
  /** The normal form of a path: without trailing slashes, doubled slashes and `.` parts. */
  readonly tidy: (path: string) => string;
  /** With slashes, as fast-glob expects on every system. */
  readonly toGlob: (path: string) => string;
  readonly ignoresCase: boolean;
}

export const posixPaths: PathStyle = {
  isOwn: (path) => path.startsWith('/'),
  // `..` is left to the system, because it may follow a link.
  tidy: (path) => {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    return `/${parts.join('/')}`;
  },
  toGlob: (path) => path,
  ignoresCase: false,
};

/** `C:\\Users` and `\\\\host\\share`, with slashes or backslashes. */
export const windowsPaths: PathStyle = {
  isOwn: (path) => /^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/])/.test(path),
  tidy: (path) => {
    const normal = win32.normalize(path);
    return win32.parse(normal).root === normal ? normal : normal.replace(/\\$/, '');
  },
  toGlob: (path) => path.replaceAll('\\', '/'),
  ignoresCase: true,
};

const style = process.platform === 'win32' ? windowsPaths : posixPaths;

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // An unreadable path counts as existing: the walk reports the error.
    return true;
  }
}

async function expandGlob(path: string, signal: AbortSignal): Promise<ExpandedPaths> {
  const paths: string[] = [];
  const matches = glob.stream(style.toGlob(path), {
    caseSensitiveMatch: !style.ignoresCase,
    onlyFiles: false,
    dot: true,
    followSymbolicLinks: false,
    suppressErrors: true,
  });
  for await (const match of matches) {
    if (signal.aborted) return { paths, notes: [] };
    if (paths.length >= maximumPaths)
      return { paths, notes: [`${path}: matches more than ${maximumPaths} paths; only that many were searched`] };
    paths.push(style.tidy(String(match)));
  }
  return { paths, notes: [] };
}

/** Paths of another system are noted: an action may list paths of several systems. */
export async function expandPaths(paths: readonly string[], signal: AbortSignal): Promise<ExpandedPaths> {
  const expanded: ExpandedPaths[] = [];
  for (const path of paths) {
    if (!style.isOwn(path)) expanded.push({ paths: [], notes: [`${path}: not a path of this system`] });
    else if (isThere(path) || !glob.isDynamicPattern(style.toGlob(path)))
      expanded.push({ paths: [style.tidy(path)], notes: [] });
    else expanded.push(await expandGlob(path, signal));
  }
  return {
    paths: [...new Set(expanded.flatMap((one) => one.paths))],
    notes: [...new Set(expanded.flatMap((one) => one.notes))],
  };
}
