/** Searches of the module `file` for what rules ask of files. */
import type { SearchObject } from '../document/expression.ts';
import { Untranslated } from './untranslated.ts';

export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A regular file in the form of the module `file`: setuid, setgid and sticky come ahead. */
export const regular = '^[ugt]*-';

export function toFileSearch(
  path: string,
  more: Readonly<Record<string, unknown>> = {},
  depth: 0 | 1 = 1,
): SearchObject {
  return { file: { paths: [path], ...more, options: { matchall: true, maxdepth: depth } } };
}

/** A file by its name in its folder: a path that is a folder would stand for the files in it. */
export function toSearchOfOne(path: string, more: Readonly<Record<string, unknown>>): SearchObject {
  const at = path.lastIndexOf('/');
  const name = path.slice(at + 1);
  if (name === '' || name === '.' || name === '..') throw new Untranslated(`the path ${JSON.stringify(path)}`);
  const names = [`^${escapePattern(name)}$`];
  return toFileSearch(path.slice(0, at) || '/', { names, ...more });
}
