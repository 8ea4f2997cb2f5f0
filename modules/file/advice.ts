/** Advice before a file question goes to every machine. */
import { listFilters } from './element.ts';

/** Roots of most of a machine's files. */
const wholeDisk: ReadonlySet<string> = new Set(['/', '/*', '/**', 'C:\\', 'c:\\', 'C:/', 'c:/']);
/** Not real files: the kernel's own views, or files of other machines. */
const notFiles = /^\/(?:proc|sys|dev)(?:\/|$)/;

type Filter = (typeof listFilters)[number];

const readsContent: readonly Filter[] = ['contents', 'bytes', 'md5', 'sha1', 'sha2', 'sha3'];
/** Filters that rule files out before they are read. */
const cheapFilters = listFilters.filter((name) => !readsContent.includes(name));

/** The part of a search that matters for advice. */
type Walk = {
  readonly paths: readonly string[];
  readonly immutable?: boolean | undefined;
  readonly appendonly?: boolean | undefined;
} & Readonly<Partial<Record<Filter, readonly string[] | undefined>>>;

function isAsked(values: readonly string[] | undefined): boolean {
  return values !== undefined && values.length > 0;
}

export function adviseOnWalk(search: Walk): string[] {
  const wide = search.paths.filter((path) => wholeDisk.has(path));
  const reads = readsContent.some((name) => isAsked(search[name]));
  const isMarked = search.immutable !== undefined || search.appendonly !== undefined;
  const notes: string[] = [];
  if (wide.length > 0 && reads && !isMarked && !cheapFilters.some((name) => isAsked(search[name])))
    notes.push(
      `this reads every file below ${wide.join(', ')} on every machine; a name or a size first (-name, -size) makes it cheap`,
    );
  else if (wide.length > 0) notes.push(`this walks all of ${wide.join(', ')}; try it here first with -estimate`);
  for (const path of search.paths.filter((one) => notFiles.test(one)))
    notes.push(`${path} is not a place for files; other modules look at what runs`);
  return notes;
}
