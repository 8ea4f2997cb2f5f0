/** Finds a search's paths on this machine: an existing path is taken literally, any other may be a glob. */
import { lstatSync } from 'node:fs';
import { win32 } from 'node:path';
import glob from 'fast-glob';
import { native } from '../../native/index.ts';
import { replaceEscaped } from '../../protocol/base/escape.ts';
import { expandGlob } from './glob.ts';
import { hasPrintedBytes, toPathBytes } from './printed-path.ts';
import { findSameLooking, toSameLookingGlobs } from './same-looking.ts';

/** A path on this machine. */
interface ExpandedPath {
  /** As answers print it. */
  readonly text: string;
  readonly bytes: Uint8Array;
}

export interface ExpandedPaths {
  readonly paths: readonly ExpandedPath[];
  readonly notes: readonly string[];
  /** Whether the path may stand for more than these. */
  readonly isCut: boolean;
}

/** A system's path syntax. */
export interface PathStyle {
  readonly isOwn: (path: string) => boolean;
  /** The normal form of a path: without trailing slashes, doubled slashes and `.` parts. */
  readonly tidy: (path: string) => string;
  /** With slashes, as fast-glob expects on every system. */
  readonly toGlob: (path: string) => string;
  /** The bytes of a path that may be one that an answer printed. */
  readonly toBytes: (path: string) => Uint8Array;
  /** The text of such bytes, as answers print it. */
  readonly toText: (bytes: Uint8Array) => string;
  /** Whether it names bytes that no glob can hold. */
  readonly isOfBytes: (path: string) => boolean;
  readonly ignoresCase: boolean;
}

export const posixPaths: PathStyle = {
  isOwn: (path) => path.startsWith('/'),
  // `..` is left to the system, because it may follow a link.
  tidy: (path) => {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    return `/${parts.join('/')}`;
  },
  toGlob: (path) => replaceEscaped(path, (character) => character),
  toBytes: toPathBytes,
  toText: (bytes) => native().escapeBytes(bytes),
  isOfBytes: hasPrintedBytes,
  ignoresCase: false,
};

/** `C:\\Users` and `\\\\host\\share`, with slashes or backslashes. */
export const windowsPaths: PathStyle = {
  isOwn: (path) => /^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/])/.test(path),
  tidy: (path) => {
    const normal = win32.normalize(path);
    return win32.parse(normal).root === normal ? normal : normal.replace(/\\$/, '');
  },
  toGlob: (path) => replaceEscaped(path, (character) => character).replaceAll('\\', '/'),
  toBytes: (path) => Buffer.from(replaceEscaped(path, (character) => character)),
  toText: (bytes) => Buffer.from(bytes).toString(),
  isOfBytes: () => false,
  ignoresCase: true,
};

const style = process.platform === 'win32' ? windowsPaths : posixPaths;

function isThere(path: Uint8Array): boolean {
  try {
    return lstatSync(Buffer.from(path), { throwIfNoEntry: false }) !== undefined;
  } catch {
    // An unreadable path counts as existing: the walk reports the error.
    return true;
  }
}

function toPath(bytes: Uint8Array): ExpandedPath {
  return { text: style.toText(bytes), bytes };
}

/** Characters of a glob that a backslash does not need. */
const globSigns = /[*?[{(!+@]/;

function whole(paths: readonly ExpandedPath[]): ExpandedPaths {
  return { paths, notes: [], isCut: false };
}

function cut(paths: readonly ExpandedPath[], note: string): ExpandedPaths {
  return { paths, notes: [note], isCut: true };
}

async function expandOne(path: string, signal: AbortSignal): Promise<ExpandedPaths> {
  if (!style.isOwn(path)) return { paths: [], notes: [`${path}: not a path of this system`], isCut: false };
  const literal = style.toBytes(style.tidy(path));
  const same = findSameLooking(literal);
  if (same.some(isThere)) return whole(same.map(toPath));
  if (style.isOfBytes(path) && globSigns.test(path)) {
    return cut([toPath(literal)], `${path}: a glob cannot hold bytes that are not UTF-8`);
  }
  if (style.isOfBytes(path)) return whole([toPath(literal)]);
  return glob.isDynamicPattern(style.toGlob(path)) ? expandForms(path, signal) : whole([toPath(literal)]);
}

function join(expanded: readonly ExpandedPaths[]): ExpandedPaths {
  return {
    paths: expanded.flatMap((one) => one.paths),
    notes: [...new Set(expanded.flatMap((one) => one.notes))],
    isCut: expanded.some((one) => one.isCut),
  };
}

async function expandForms(path: string, signal: AbortSignal): Promise<ExpandedPaths> {
  const forms: ExpandedPaths[] = [];
  for (const form of toSameLookingGlobs(style.toGlob(path))) {
    const { paths, cuts } = await expandGlob(form, style.ignoresCase, signal);
    forms.push({
      paths: paths.map((one) => toPath(Buffer.from(style.tidy(one)))),
      notes: cuts.map((reason) => `${path}: ${reason}`),
      isCut: cuts.length > 0,
    });
  }
  return join(forms);
}

/** Paths of another system are noted: an action may list paths of several systems. */
export async function expandPaths(paths: readonly string[], signal: AbortSignal): Promise<ExpandedPaths> {
  const expanded: ExpandedPaths[] = [];
  for (const path of paths) expanded.push(await expandOne(path, signal));
  return join(expanded);
}
