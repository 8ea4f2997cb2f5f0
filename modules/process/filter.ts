/** Compiles a search to a test of one process. */
import type { CompiledPattern, DigestAlgorithm } from '../../native/index.ts';
import { parseSeconds } from '../kit/amount.ts';
import { digestAlgorithmOf } from '../kit/digest-algorithms.ts';
import { splitNegation } from '../kit/pattern.ts';
import type { ProcessEntry } from '../kit/processes/process-entry.ts';
import type { Search } from './module.ts';

/** `hidden`: the system does not tell, or our rights do not suffice. `cut`: what was not read decides. */
type Verdict = 'yes' | 'no' | 'hidden' | 'cut';

export type PatternCompiler = (pattern: string) => CompiledPattern;

/** Null: unknown, or no value to match. */
type Field = (entry: ProcessEntry) => readonly Uint8Array[] | null;

const space = Buffer.from(' ');
/** A letter, for `\b`; then every byte, more of them than a repetition may count. What matches in front of it needs no end. */
const anyRest = Buffer.from([0x61, ...Array.from({ length: 1024 }, (_, index) => index % 256)]);

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

/** Whether the whole text matches because its beginning does. */
function isBeginningEnough(beginning: Uint8Array, matches: CompiledPattern): boolean {
  return matches(beginning) && matches(Buffer.concat([beginning, anyRest]));
}

function patternTests(search: Search, compile: PatternCompiler): Test[] {
  return patternLists.flatMap((list) =>
    (search[list] ?? []).map((text): Test => {
      const { negated, pattern } = splitNegation(text);
      const matches = compile(pattern);
      return (entry) => {
        const values = fields[list](entry);
        if (values === null) return 'hidden';
        if (list === 'cmds' && entry.isCommandCut && !values.every((value) => isBeginningEnough(value, matches)))
          return 'cut';
        return toVerdict(values.some(matches) !== negated);
      };
    }),
  );
}

function ageTests(search: Search, nowSeconds: number): Test[] {
  const toTest = (age: string | undefined, isOlder: boolean): Test[] => {
    if (age === undefined) return [];
    const limit = nowSeconds - (parseSeconds(age) ?? 0);
    return [({ startSeconds }) => (startSeconds === null ? 'hidden' : toVerdict(startSeconds < limit === isOlder))];
  };
  return [...toTest(search.olderthan, true), ...toTest(search.newerthan, false)];
}

function deletedTests({ deleted }: Search): Test[] {
  if (deleted === undefined) return [];
  return [
    ({ executable }) => {
      if (executable.kind === 'none') return toVerdict(!deleted);
      if (executable.kind === 'hidden' || executable.isDeleted === null) return 'hidden';
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
      if (one === 'hidden' || verdict === 'yes') verdict = one;
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
