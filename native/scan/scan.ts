/** Types of the addon's file scan: one scan for all searches. */
import type { DigestAlgorithm } from '../digest/digest.ts';
import type { Presence } from '../napi/presence.ts';
import type { NativeTask } from '../napi/task.ts';

/** One test of a file; `invert` negates its answer. */
export type ScanCheck =
  /** RE2 on the base name. */
  | { readonly kind: 'name'; readonly invert: boolean; readonly pattern: string }
  /** RE2 on the text of a link, as it is written; other files have none. */
  | { readonly kind: 'link'; readonly invert: boolean; readonly pattern: string }
  /** RE2 on Go's text for the mode: `-rwxr-xr-x`. */
  | { readonly kind: 'mode'; readonly invert: boolean; readonly pattern: string }
  /** The size in bytes is in one of the ranges, both ends included. */
  | { readonly kind: 'size'; readonly invert: boolean; readonly ranges: readonly SizeRange[] }
  /** Strictly between two times, seconds since the epoch; infinities for an open end. */
  | {
      readonly kind: 'time';
      readonly of: 'mtime' | 'ctime' | 'btime' | 'atime';
      readonly invert: boolean;
      readonly after: number;
      readonly before: number;
    }
  /** The number is in one of the ranges, both ends included. */
  | {
      readonly kind: 'number';
      readonly of: 'owner' | 'group' | 'links' | 'inode';
      readonly invert: boolean;
      readonly ranges: readonly NumberRange[];
    }
  /** What keeps a file from being changed. @see chattr(1) */
  | { readonly kind: 'mark'; readonly of: 'immutable' | 'append-only'; readonly invert: boolean }
  /** RE2 on the names of extended attributes: one matches. Linux only. */
  | { readonly kind: 'attribute'; readonly invert: boolean; readonly pattern: string }
  /** The file has one of these capabilities, as bits. Linux only. @see capabilities(7) */
  | { readonly kind: 'capability'; readonly invert: boolean; readonly set: bigint }
  /** RE2 on the lines: any line matches, or with `everyLine` all of at least one. */
  | { readonly kind: 'content'; readonly invert: boolean; readonly pattern: string; readonly everyLine: boolean }
  /** Pairs of hex digits or `??`. */
  | { readonly kind: 'bytes'; readonly invert: boolean; readonly pattern: string }
  /** The file has one of the digests. */
  | { readonly kind: 'digest'; readonly invert: boolean; readonly values: readonly DigestValue[] };

export interface SizeRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** Of 64 bits. */
export interface NumberRange {
  readonly minimum: bigint;
  readonly maximum: bigint;
}

/** A time since 1970. */
export interface ScanTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface DigestValue {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

/** How text is written; `auto`: by its first bytes, else UTF-8. */
type TextEncoding = 'auto' | 'utf-8' | 'latin1' | 'windows-1252' | 'utf-16le' | 'utf-16be';

export interface ScanSearch {
  readonly checks: readonly ScanCheck[];
  /**
   * True: a hit when all checks match. False: each matching check is a hit of its own. Without checks every file is a
   * hit.
   */
  readonly matchAll: boolean;
  readonly decompress: boolean;
  /** Of lines; bytes and digests are those of the file. */
  readonly encoding: TextEncoding;
  readonly returnSha256: boolean;
  /** Levels below a root, 1 for the files directly in it; 0 for no limit. */
  readonly maxDepth: number;
  /** Hits after which the search ends; 0 for no limit. */
  readonly matchLimit: number;
}

export interface ScanPlan {
  readonly searches: readonly ScanSearch[];
  /** Absolute paths, as text or bytes, each with the indexes of the searches that look there. */
  readonly roots: readonly { readonly path: string | Uint8Array; readonly searches: readonly number[] }[];
  readonly threads: number;
  /** Share of one core for the whole process; 0 for no limit. */
  readonly cpuPercent: number;
  /** Wall time; 0 for no limit. */
  readonly seconds: number;
  /** Whether hits have owner, group, times, inode and links. */
  readonly returnFacts?: boolean;
  /** Failures kept as text (all are counted); 0 for no limit. */
  readonly maxErrors: number;
  /** Protection by real path and by inode; without it no file is protected. */
  readonly protectedPatterns?: readonly ProtectedPattern[];
  /** Protection by the first bytes of a file. */
  readonly protectedContents?: readonly ProtectedContent[];
  /**
   * The number of questions about protected content that may still be answered; each value of a digest counts as one.
   * Files beyond it are skipped.
   */
  readonly protectedQuestions?: number;
}

interface ProtectedPattern {
  /** For absolute paths: `*`, `?`, `[…]` within a name, `**` for any number of names. */
  readonly glob: string;
  /** Whether content and digests may be read. */
  readonly mayRead: boolean;
  /** Whether the file may be a hit. */
  readonly mayTell: boolean;
}

interface ProtectedContent {
  readonly kind: 'private-key' | 'password-hashes' | 'memory-image' | 'agent-key' | 'agent-executable';
  /** Whether content and digests may be read. */
  readonly mayRead: boolean;
}

export interface ScanHit {
  readonly search: number;
  /** Index of the matching check; -1 when all matched together. */
  readonly check: number;
  /** Index of the matching digest value; -1 for none. Always -1 for protected content. */
  readonly value: number;
  /** Bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. */
  readonly path: string;
  /** Of the file behind a link; of the link itself when it leads to none. */
  readonly mode: string;
  /** The text of a link; escaped like the path. */
  readonly link?: string;
  readonly sizeBytes: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  /** Digits, as it may have 64 bits. This and the next ones are absent unless the plan asks for them. */
  readonly inode?: string;
  /** Numbers of the owner and the group; absent on Windows. */
  readonly owner?: number;
  readonly group?: number;
  readonly links?: number;
  /** Of content or metadata; absent, as the next ones, where the file system does not keep it. */
  readonly ctime?: ScanTime;
  readonly btime?: ScanTime;
  readonly atime?: ScanTime;
  /** Also absent for protected content. */
  readonly sha256?: string;
}

type ScanSkipReason =
  | 'no-permission'
  | 'vanished'
  | 'changed-while-read'
  | 'other-file-system'
  | 'special-file'
  | 'link-outside'
  | 'link-loop'
  | 'too-deep'
  | 'size-limit'
  | 'read-error'
  | 'unsupported'
  | 'protected'
  | 'question-limit'
  /** A line too long for an answer, or metadata that the system does not tell. */
  | 'undecided';

export interface ScanSummary {
  /** Files and links covered by any search. */
  readonly files: number;
  readonly directories: number;
  /** Bytes read from files, before unpacking. */
  readonly bytes: number;
  readonly openFailed: number;
  readonly skipped: readonly { readonly reason: ScanSkipReason; readonly count: number }[];
  readonly errors: readonly string[];
  /** Searches that reached their match limit. */
  readonly limitedSearches: readonly number[];
  /** Answered questions about protected content. */
  readonly protectedQuestions: number;
  /** Protected files that were named as roots. Each ended its search. */
  readonly refusedRoots: readonly RefusedRoot[];
  readonly stopped: 'cancelled' | 'time' | 'memory' | null;
}

interface RefusedRoot {
  readonly search: number;
  readonly path: string;
  /** `question-limit`: the search has more questions about it than are left. */
  readonly reason: 'protected' | 'question-limit';
}

/** Ends the scan within 100 ms; `done` then reports it. */
export type ScanJob = NativeTask<ScanSummary>;

/** The indexes of the patterns that an absolute path fits. */
export type CompiledGlobs = (path: string) => readonly number[];

interface ListedNames {
  /** Sorted by their bytes. */
  readonly names: readonly string[];
  /** A letter for each: `f` file, `d` folder, `l` link, `o` other. */
  readonly kinds: string;
  /** Whether there are more. */
  readonly isCut: boolean;
}

export interface ScanFunctions {
  /** Hits come in batches while the scan runs, all of them before `done`. @throws CodedError<NativeCode> bad-plan, no-thread */
  readonly startScan: (plan: ScanPlan, onHits: (hits: readonly ScanHit[]) => void) => ScanJob;
  /** Patterns as a plan's `protectedPatterns` has them, for what is judged outside of a scan. */
  readonly compileGlobs: (globs: readonly string[]) => CompiledGlobs;
  /** Why a file must not be opened: reading it would take, change or block something. Null when it may. */
  readonly readEffectOf: (path: Uint8Array) => string | null;
  /**
   * A small regular file at once, links in its path followed; an errno value or a reason when it was not read.
   * @param mostBytes a larger one is not read.
   */
  readonly readWholeFile: (
    path: string,
    mostBytes: number,
  ) => Buffer | number | 'special-file' | 'unsupported' | 'size-limit';
  /** Links in the path followed; an errno value when it was not listed. @param mostNames further ones are left out. */
  readonly listFolder: (path: string, mostNames: number) => ListedNames | number;
}

export const scanPresence: Presence<ScanFunctions> = {
  startScan: 'always',
  compileGlobs: 'always',
  readEffectOf: 'always',
  readWholeFile: 'always',
  listFolder: 'always',
};
