/** Types of the addon's functions for text logs. */
import type { Presence } from '../napi/presence.ts';
import type { NativeTask } from '../napi/task.ts';

/** A moment: milliseconds since 1970, and the same of the host's clock as if that were UTC. */
export interface TextLogBound {
  readonly ms: number;
  readonly localMs: number;
}

export interface TextLogSearch {
  /** RE2; each must match the line. */
  readonly wanted: readonly string[];
  /** RE2; none may match. */
  readonly unwanted: readonly string[];
  /** Names of programs, one of which wrote the line; empty for all. */
  readonly identifiers: readonly string[];
  /** 0 to 7; null for all. */
  readonly mostPriority: number | null;
  readonly since: TextLogBound | null;
  readonly until: TextLogBound | null;
  readonly by:
    | { readonly type: 'nothing' | 'identifier' | 'priority' }
    /** The pattern has one capture, of this name. */
    | { readonly type: 'capture'; readonly pattern: string; readonly name: string };
}

interface TextLogPlan {
  readonly searches: readonly TextLogSearch[];
  /** Of one search in one file; those beyond are counted together. */
  readonly mostValues: number;
  /** Share of one core, 0 for no limit. */
  readonly cpuPercent: number;
}

/** Milliseconds are 0 and mean nothing where lines have no time. */
export interface LineSpan {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * `zoned`: since 1970. `local`: since 1970 of the host's clock. `yearless`: since the beginning of a leap year; `year` is
 * the number of that year in the file.
 */
type StampKind = 'none' | 'zoned' | 'local' | 'yearless';

export interface PlacedStamp {
  readonly kind: StampKind;
  readonly ms: number;
  readonly year: number;
}

/** Counted lines with times of one kind and year. */
export interface TextLogBucket {
  readonly kind: StampKind;
  readonly year: number;
  /** Of `yearless`: whether they are behind `since` and before `until` within a year; the year decides first. */
  readonly isSince: boolean;
  readonly isUntil: boolean;
  readonly all: LineSpan;
  /** Values are bytes. */
  readonly values: readonly (LineSpan & { readonly value: Buffer })[];
  /** Of values beyond the limit. */
  readonly beyond: LineSpan;
}

interface TextLogCount {
  readonly buckets: readonly TextLogBucket[];
  /** Lines without a time, where one was asked for. */
  readonly undated: number;
  /** Lines without a priority, where one was asked for. */
  readonly unranked: number;
}

/**
 * `binary`: no text. `secret`: begins as a key or the like, and was not read on. `changed`: it became shorter. Other
 * states than `whole` and `changed` are of a part of it.
 */
type TextLogState = 'whole' | 'binary' | 'secret' | 'changed' | 'damaged' | 'too-large' | 'read-error' | 'cancelled';

export interface TextLogFile {
  readonly state: TextLogState;
  /** Read from the file, before unpacking. */
  readonly bytes: number;
  readonly lines: number;
  /** Lines too long to be searched whole. */
  readonly longLines: number;
  readonly first: PlacedStamp;
  readonly last: PlacedStamp;
  /** The years of the file that have a 29 February. */
  readonly leapYears: readonly number[];
  /** Where the time ran backwards by more than a minute; the first 100 of them. */
  readonly backwards: readonly { readonly from: PlacedStamp; readonly to: PlacedStamp }[];
  readonly backwardsCount: number;
  readonly zeroRuns: number;
  /** By search. */
  readonly counts: readonly TextLogCount[];
}

/** @param descriptor of an open file, which must stay open until the end. @param sizeBytes more is not read. */
export type TextLogScan = (descriptor: number, sizeBytes: number) => NativeTask<TextLogFile>;

export interface TextLogFunctions {
  /** Only on Linux. One task at a time. @throws CodedError<NativeCode> bad-pattern, bad-plan */
  readonly compileTextLogs?: (plan: TextLogPlan) => TextLogScan;
}

export const textLogPresence: Presence<TextLogFunctions> = { compileTextLogs: 'sometimes' };
