/** Compiles a search to a test of one process. */
import type { CompiledPattern, DigestAlgorithm } from '../../native/index.ts';
import { parseSeconds } from '../kit/amount.ts';
import { digestAlgorithmOf } from '../kit/digest-algorithms.ts';
import { splitNegation } from '../kit/pattern.ts';
import type { ProcessEntry } from '../kit/processes/process-entry.ts';
import type { Search } from './module.ts';

/** `unknown`: the system does not tell, or our rights do not suffice. */
type Verdict = 'yes' | 'no' | 'unknown';

export type PatternCompiler = (pattern: string) => CompiledPattern;

/** Null: unknown, or no value to match. */
type Field = (entry: ProcessEntry) => readonly Uint8Array[] | null;

const space = Buffer.from(' ');

function joinArguments(list: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(list.flatMap((part, index) => (index === 0 ? [part] : [space, part])));
}

const fields = {
  names: ({ name }) => [name],
  cmds: (entry) => [joinArguments(entry.arguments)],
  exes: ({ executable }) => (executable.kind === 'hidden' ? null : executable.kind === 'none' ? [] : [executable.path]),
  users: ({ user, userId }) => {
    const known = [user, userId].filter((value) => value !== null);
    return known.length === 0 ? null : known.map((value) => Buffer.from(value));
  },
} as const satisfies Record<string, Field>;
const patternLists = ['names', 'cmds', 'exes', 'users'] as const satisfies readonly (keyof typeof fields)[];

type Test = (entry: ProcessEntry) => Verdict;

function toVerdict(holds: boolean): Verdict {
  return holds ? 'yes' : 'no';
}

function patternTests(search: Search, compile: PatternCompiler): Test[] {
  return patternLists.flatMap((list) =>
    (search[list] ?? []).map((text): Test => {
      const { negated, pattern } = splitNegation(text);
      const matches = compile(pattern);
      return (entry) => {
        const values = fields[list](entry);
        return values === null ? 'unknown' : toVerdict(values.some(matches) !== negated);
      };
    }),
  );
}

function ageTests(search: Search, nowSeconds: number): Test[] {
  const toTest = (age: string | undefined, isOlder: boolean): Test[] => {
    if (age === undefined) return [];
    const limit = nowSeconds - (parseSeconds(age) ?? 0);
    return [({ startSeconds }) => (startSeconds === null ? 'unknown' : toVerdict(startSeconds < limit === isOlder))];
  };
  return [...toTest(search.olderthan, true), ...toTest(search.newerthan, false)];
}

function deletedTests({ deleted }: Search): Test[] {
  if (deleted === undefined) return [];
  return [
    ({ executable }) => {
      if (executable.kind === 'none') return toVerdict(!deleted);
      if (executable.kind === 'hidden' || executable.isDeleted === null) return 'unknown';
      return toVerdict(executable.isDeleted === deleted);
    },
  ];
}

/** All cheap tests: everything but digests. `no` wins over `unknown`. @param nowSeconds since the epoch. */
export function toCheapTest(search: Search, compile: PatternCompiler, nowSeconds: number): Test {
  const { ppids } = search;
  const tests: readonly Test[] = [
    ...(ppids === undefined ? [] : [({ parentPid }: ProcessEntry) => toVerdict(ppids.includes(parentPid))]),
    ...deletedTests(search),
    ...ageTests(search, nowSeconds),
    ...patternTests(search, compile),
  ];
  return (entry) => {
    let verdict: Verdict = 'yes';
    for (const test of tests) {
      const one = test(entry);
      if (one === 'no') return 'no';
      if (one === 'unknown') verdict = 'unknown';
    }
    return verdict;
  };
}

/** The digests that a search needs; empty when it has no digest filter. */
export function neededDigests({ sha2, options }: Search): readonly DigestAlgorithm[] {
  const wanted = (sha2 ?? []).flatMap((hex) => digestAlgorithmOf('sha2', hex) ?? []);
  return [...new Set([...wanted, ...(options.returnsha256 ? (['sha256'] as const) : [])])];
}

export function hasDigest({ sha2 }: Search, digests: ReadonlyMap<DigestAlgorithm, string>): boolean {
  if (sha2 === undefined) return true;
  return sha2.some((hex) => {
    const algorithm = digestAlgorithmOf('sha2', hex);
    return algorithm !== undefined && digests.get(algorithm) === hex.toLowerCase();
  });
}
