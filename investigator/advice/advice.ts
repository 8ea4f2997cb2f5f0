/** What to think of before a question is asked of every machine: notes only, nothing is refused. */
import type { Operation } from '../../protocol/action.ts';
import { findPatternProblem } from './pattern-advice.ts';
import { findSecrets } from './secret-advice.ts';

/** Below these lies most of a machine. */
const wholeDisk: ReadonlySet<string> = new Set(['/', '/*', '/**', 'C:\\', 'c:\\', 'C:/', 'c:/']);
/** Not files but the kernel's view of itself, or what other machines hold. */
const notFiles = /^\/(?:proc|sys|dev)(?:\/|$)/;
const readsContent = ['contents', 'bytes', 'md5', 'sha1', 'sha2', 'sha3'] as const;
/** What rules files out before they are read. */
const cheapFilters = ['names', 'sizes', 'modes', 'mtimes'] as const;

/** The parameters, of whichever module, that hold regular expressions on text. */
const patternLists: ReadonlySet<string> = new Set(['names', 'contents', 'libraries', 'cmds', 'exes', 'modes']);

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function adviseOnWalk(search: Fields): string[] {
  const paths = toTexts(search.paths);
  const wide = paths.filter((path) => wholeDisk.has(path));
  const reads = readsContent.filter((name) => toTexts(search[name]).length > 0);
  const notes: string[] = [];
  if (wide.length > 0 && reads.length > 0 && cheapFilters.every((name) => toTexts(search[name]).length === 0))
    notes.push(
      `this reads every file below ${wide.join(', ')} on every machine; a name or a size first (-name, -size) makes it cheap`,
    );
  else if (wide.length > 0) notes.push(`this walks all of ${wide.join(', ')}; try it here first with -estimate`);
  for (const path of paths.filter((one) => notFiles.test(one)))
    notes.push(`${path} is not a place for files; the modules process, memory and netstat look at what runs`);
  return notes;
}

function adviseOnMemory(search: Fields): string[] {
  const isNarrow = ['names', 'libraries'].some((name) => toTexts(search[name]).length > 0);
  const isRead = ['contents', 'bytes'].some((name) => toTexts(search[name]).length > 0);
  return isRead && !isNarrow
    ? ['this reads the memory of every process on every machine; a name first (-name, -lib) makes it cheap']
    : [];
}

function adviseOnPatterns(where: string, fields: Fields): string[] {
  const notes: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!patternLists.has(name)) continue;
    for (const pattern of toTexts(value)) {
      const problem = findPatternProblem(pattern, name === 'names' ? 'name' : 'content');
      if (problem !== undefined) notes.push(`${where}: ${problem}`);
    }
  }
  return notes;
}

function adviseOnSearches(module: string, parameters: Fields): string[] {
  const searches = isFields(parameters.searches) ? Object.values(parameters.searches).filter(isFields) : [parameters];
  return searches.flatMap((search) => [
    ...(module === 'file' ? adviseOnWalk(search) : []),
    ...(module === 'memory' ? adviseOnMemory(search) : []),
    ...adviseOnPatterns(module, search),
    ...findSecrets(toTexts(search.contents)),
  ]);
}

/** One line each; the same is not said twice. */
export function giveAdvice(operations: readonly Operation[]): string[] {
  const notes = operations.flatMap(({ module, parameters }) =>
    isFields(parameters) ? adviseOnSearches(module, parameters) : [],
  );
  return [...new Set(notes)];
}
