/** Objects of scribe documents about files: the searches that they need, and what is captured of the files found. */
import { posix } from 'node:path';
import { native } from '../../../native/index.ts';
import type { InnerAnswer } from '../../kit/inner/inner-question.ts';
import type { Candidate, CandidateDoubt, Candidates } from './candidates.ts';
import type { ScribeObject } from './document.ts';

/** As deep as the original went: 1 for the files directly in the folder. */
const levels = 10;
/** A larger file is not read for what a pattern captures in it. */
const mostBytes = 16 * 1024 * 1024;
/** Of one file. */
const mostCaptures = 10_000;
export const chainRoot = `\${chain_root}`;

export interface FileSearch {
  readonly path: string;
  readonly file: string;
  readonly expression?: string | undefined;
  readonly maxdepth?: number;
}

/** The search of an object about files; undefined for others. */
export function toFileSearch({ filecontent, filename, hasline }: ScribeObject): FileSearch | undefined {
  return filecontent ?? filename ?? hasline;
}

/** In the terms of the module that looks for files. @param hasContent whether its expression must match. */
export function toSearch({ path, file, expression, maxdepth = levels }: FileSearch, hasContent: boolean) {
  return {
    paths: [path],
    names: [file.startsWith('!') ? `(?:${file})` : file],
    ...(hasContent && expression !== undefined
      ? { contents: [expression.startsWith('!') ? `(?:${expression})` : expression] }
      : {}),
    options: { maxdepth, matchall: true, matchlimit: 0 },
  };
}

/** An object of a chain looks below the folder of the file that fired it: below that of its first object, anyhow. */
export function toChained(search: FileSearch, first: FileSearch): FileSearch {
  return search.path.includes(chainRoot) ? { ...search, path: first.path, maxdepth: 2 * levels } : search;
}

interface Scope {
  readonly folder: string;
  readonly levels: number;
}

/** Where an object of a chain looks for a file; undefined for one that looks outside of its first object's folder. */
export function toScope(path: string, firing: string, first: FileSearch): Scope | undefined {
  const folder = posix.normalize(path.replaceAll(chainRoot, `${posix.dirname(firing)}/`)).replace(/\/+$/, '');
  const root = posix.normalize(first.path).replace(/\/+$/, '');
  return folder === root || folder.startsWith(`${root}/`) ? { folder, levels } : undefined;
}

export function isWithin(path: string, { folder, levels: most }: Scope): boolean {
  if (!path.startsWith(`${folder}/`)) return false;
  return path.slice(folder.length + 1).split('/').length <= most;
}

/** Files, and links to files; a link to nothing is neither. */
export function pathsOf({ elements }: InnerAnswer): string[] {
  return elements
    .map((element) => element.toCells())
    .filter(({ mode }) => !/^L/i.test(String(mode ?? '')))
    .map(({ file }) => String(file ?? ''));
}

/** One candidate for each file: whether a line matches. */
export function toHasLine(all: InnerAnswer, matching: InnerAnswer): Candidates {
  const found = new Set(pathsOf(matching));
  const list = pathsOf(all).map((identifier): Candidate => ({ identifier, value: String(found.has(identifier)) }));
  const doubts = new Set([...all.doubts, ...matching.doubts]);
  // In a file that was not read, a line may match.
  const certain = doubts.size === 0 ? list : list.filter(({ value }) => value === 'true');
  return { list: certain, doubts, failure: all.failure ?? matching.failure };
}

/** The first group in each name. @throws CodedError bad-pattern */
export function toFileNames({ file }: FileSearch, answer: InnerAnswer): Candidates {
  const capture = native().compileCaptures(file);
  const list = pathsOf(answer).flatMap((identifier): Candidate[] => {
    const [value] = capture(Buffer.from(posix.basename(identifier)), mostCaptures);
    return value === undefined ? [] : [{ identifier, value }];
  });
  return { list, doubts: answer.doubts, failure: answer.failure };
}

/** Every group of every line that matches. @param questions about a protected file. @throws CodedError bad-pattern */
export function toFileContents(expression: string, answer: InnerAnswer, questions: number): Candidates {
  const capture = native().compileCaptures(expression);
  const doubts = new Set<CandidateDoubt>(answer.doubts);
  const list = pathsOf(answer).flatMap((identifier): Candidate[] => {
    const file = answer.read(identifier, mostBytes, questions);
    if (file.kind === 'unread') {
      doubts.add(file.reason === 'vanished' ? 'changed-while-read' : file.reason);
      return [];
    }
    const values = capture(file.bytes, mostCaptures);
    if (values.length > mostCaptures) doubts.add('too-many');
    return values.slice(0, mostCaptures).map((value) => ({ identifier, value }));
  });
  return { list, doubts, failure: answer.failure };
}

/** Joins the candidates of each file. */
export function concatenate(list: readonly Candidate[], concat: string | undefined): readonly Candidate[] {
  if (concat === undefined || concat === '') return list;
  const joined = new Map<string, string>();
  for (const { identifier, value } of list) {
    const before = joined.get(identifier) ?? '';
    joined.set(identifier, before === '' ? value : `${before}${concat}${value}`);
  }
  return [...joined].map(([identifier, value]) => ({ identifier, value }));
}
