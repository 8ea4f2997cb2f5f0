/** What the addon offers about files, as types: one scan for all searches. */
import type { DigestAlgorithm } from '../digest/digest.ts';
import type { Presence } from '../napi/presence.ts';
import type { NativeTask } from '../napi/task.ts';

/** One test of a file; `invert` turns its answer round. */
export type ScanCheck =
  /** RE2 on the base name. */
  | { readonly kind: 'name'; readonly invert: boolean; readonly pattern: string }
  /** RE2 on Go's text for the mode: `-rwxr-xr-x`. */
  | { readonly kind: 'mode'; readonly invert: boolean; readonly pattern: string }
  /** In one of the ranges, bytes, both ends included. */
  | { readonly kind: 'size'; readonly invert: boolean; readonly ranges: readonly SizeRange[] }
  /** Strictly between two times, seconds since the epoch; infinities for an open end. */
  | { readonly kind: 'mtime'; readonly invert: boolean; readonly after: number; readonly before: number }
  /** RE2 on the lines: any of them, or `everyLine` and at least one. */
  | { readonly kind: 'content'; readonly invert: boolean; readonly pattern: string; readonly everyLine: boolean }
  /** Pairs of hex digits or `??`. */
  | { readonly kind: 'bytes'; readonly invert: boolean; readonly pattern: string }
  /** Has one of the digests. */
  | { readonly kind: 'digest'; readonly invert: boolean; readonly values: readonly DigestValue[] };

export interface SizeRange {
  readonly minimum: number;
  readonly maximum: number;
}

export interface DigestValue {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

export interface ScanSearch {
  readonly checks: readonly ScanCheck[];
  /** A hit when all checks match; else each check that matches is a hit of its own. Without checks every file is a hit. */
  readonly matchAll: boolean;
  readonly decompress: boolean;
  readonly returnSha256: boolean;
  /** Levels below a root, 1 for the files directly in it; 0 for no limit. */
  readonly maxDepth: number;
  /** Hits after which the search ends; 0 for no limit. */
  readonly matchLimit: number;
}

export interface ScanPlan {
  readonly searches: readonly ScanSearch[];
  /** Absolute paths, each with the indexes of the searches that look there. */
  readonly roots: readonly { readonly path: string; readonly searches: readonly number[] }[];
  readonly threads: number;
  /** Share of one core for the whole process; 0 for no limit. */
  readonly cpuPercent: number;
  /** Wall time; 0 for no limit. */
  readonly seconds: number;
  /** Failures kept as text (all are counted); 0 for no limit. */
  readonly maxErrors: number;
  /** What applies to files by where they really are and by their inode; nothing is protected without it. */
  readonly protectedPatterns?: readonly ProtectedPattern[];
  /** What applies to files by their first bytes. */
  readonly protectedContents?: readonly ProtectedContent[];
  /** How many questions about protected content may still be answered, each value of a digest one; what is over is skipped. */
  readonly protectedQuestions?: number;
}

interface ProtectedPattern {
  /** Over absolute paths: `*`, `?`, `[…]` within a name, `**` for any number of names. */
  readonly glob: string;
  /** Whether content and digests may be looked at. */
  readonly mayRead: boolean;
  /** Whether the file may be a hit. */
  readonly mayTell: boolean;
}

interface ProtectedContent {
  readonly kind: 'private-key' | 'password-hashes' | 'memory-image' | 'agent-key' | 'agent-executable';
  /** Whether content and digests may be looked at. */
  readonly mayRead: boolean;
}

export interface ScanHit {
  readonly search: number;
  /** Index of the check that matched, -1 when all of them did together. */
  readonly check: number;
  /** Which value of a digest check matched, -1 for none; never of protected content. */
  readonly value: number;
  /** Bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. */
  readonly path: string;
  readonly mode: string;
  readonly sizeBytes: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  /** Absent for protected content, too. */
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
  | 'protected';

export interface ScanSummary {
  /** Files and links that any search considered. */
  readonly files: number;
  readonly directories: number;
  /** Bytes read from files, before unpacking. */
  readonly bytes: number;
  readonly openFailed: number;
  /** Files with a line that was too long to be searched in one piece. */
  readonly longLines: number;
  readonly skipped: readonly { readonly reason: ScanSkipReason; readonly count: number }[];
  readonly errors: readonly string[];
  /** Searches that ended at their match limit. */
  readonly limitedSearches: readonly number[];
  /** Questions about protected content that were answered. */
  readonly protectedQuestions: number;
  /** Protected files that were asked for by their own path; the scan ended there. */
  readonly refusedRoots: readonly string[];
  readonly stopped: 'cancelled' | 'time' | 'memory' | null;
}

/** Ends within 100 ms after `cancel`; `done` then says so. */
export type ScanJob = NativeTask<ScanSummary>;

export interface ScanFunctions {
  /** Hits come in batches while the scan runs, all of them before `done`. @throws CodedError<NativeCode> bad-plan, no-thread */
  readonly startScan: (plan: ScanPlan, onHits: (hits: readonly ScanHit[]) => void) => ScanJob;
}

export const scanPresence: Presence<ScanFunctions> = { startScan: 'always' };
