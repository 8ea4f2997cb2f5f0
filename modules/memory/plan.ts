/** Converts searches to the native engine's plan and to tests that need no memory. */
import type { CompiledPattern, MappedFile, MemoryNeedle, MemoryScope } from '../../native/index.ts';
import { parseBytes } from '../kit/byte-string.ts';
import type { ProcessEntry } from '../kit/processes/process-entry.ts';
import type { Match, Search } from './module.ts';

type PatternCompiler = (pattern: string) => CompiledPattern;
type ToText = (bytes: Uint8Array) => string;

/** A pattern to find in memory. */
interface PlannedNeedle {
  /** Index in the engine's plan. */
  readonly index: number;
  readonly list: 'bytes' | 'contents';
  readonly value: string;
}

export interface PlannedSearch {
  readonly label: string;
  readonly search: Search;
  readonly names: readonly { readonly value: string; readonly matches: CompiledPattern }[];
  readonly libraries: readonly { readonly value: string; readonly matches: CompiledPattern }[];
  readonly needles: readonly PlannedNeedle[];
}

export interface Plan {
  readonly searches: readonly PlannedSearch[];
  readonly needles: readonly MemoryNeedle[];
  /** One for each search. */
  readonly scopes: readonly MemoryScope[];
}

/** @throws CodedError<NativeCode> bad-pattern */
export function toPlan(searches: Readonly<Record<string, Search>>, compile: PatternCompiler): Plan {
  const needles: MemoryNeedle[] = [];
  const compileAll = (list: readonly string[] = []) => list.map((value) => ({ value, matches: compile(value) }));
  const addNeedles = (list: PlannedNeedle['list'], values: readonly string[] = [], scope: number): PlannedNeedle[] =>
    values.map((value) => {
      const pattern = list === 'bytes' ? (parseBytes(value) ?? '') : value;
      needles.push({ kind: list === 'bytes' ? 'bytes' : 'content', pattern, scope });
      return { index: needles.length - 1, list, value };
    });
  const planned = Object.entries(searches).map(([label, search], scope) => ({
    label,
    search,
    names: compileAll(search.names),
    libraries: compileAll(search.libraries),
    needles: [...addNeedles('bytes', search.bytes, scope), ...addNeedles('contents', search.contents, scope)],
  }));
  const scopes = planned.map(({ search }) => ({
    fromAddress: search.options.offset,
    maxBytes: search.options.maxlength,
  }));
  return { searches: planned, needles, scopes };
}

export function matchNames({ names }: PlannedSearch, { name, executable }: ProcessEntry): Match[] {
  const texts = [name, ...(executable.kind === 'file' ? [executable.path] : [])];
  return names.filter(({ matches }) => texts.some(matches)).map(({ value }) => ({ value }));
}

export function matchLibraries({ libraries }: PlannedSearch, files: readonly MappedFile[], toText: ToText): Match[] {
  return libraries.flatMap(({ value, matches }) => {
    const file = files.find(({ path }) => matches(path));
    return file === undefined ? [] : [{ value, detail: toText(file.path) }];
  });
}
