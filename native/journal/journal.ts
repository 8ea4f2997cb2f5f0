/** Types of the addon's reader of systemd's journal files: one reading for all searches. */
import type { Presence } from '../napi/presence.ts';
import type { NativeTask } from '../napi/task.ts';
import type { ScanPlan } from '../scan/scan.ts';

/** What an entry must have; of a field that occurs several times in it, one value is enough. */
export interface JournalTest {
  /** Names of fields such as `MESSAGE`; one of them is enough. At least one. */
  readonly fields: readonly string[];
  /** RE2 on the whole value as one text, or any of these exact values. */
  readonly value:
    | { readonly kind: 'pattern'; readonly pattern: string }
    | { readonly kind: 'values'; readonly values: readonly string[] };
  /** Then no value may match; an entry without the field is fine. */
  readonly invert: boolean;
}

export interface JournalSearch {
  /** All must hold; without any every entry matches. */
  readonly tests: readonly JournalTest[];
  /** Of the entry's wall-clock time, since 1970, both ends included; infinities for an open end. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /**
   * What to count by: the value of a field, or a capture group (from 1) of a pattern, by its index in `tests`. Null for
   * one count.
   */
  readonly by:
    | { readonly kind: 'field'; readonly field: string }
    | { readonly kind: 'group'; readonly test: number; readonly group: number }
    | null;
  /** Different values that are told apart, at most 100,000; entries with later ones are `others`. */
  readonly maximumValues: number;
}

/** The limits and rules of a scan. */
type JournalLimits = Pick<
  ScanPlan,
  'cpuPercent' | 'seconds' | 'protectedPatterns' | 'protectedContents' | 'protectedQuestions'
>;

interface JournalPlan extends JournalLimits {
  /**
   * Absolute paths of files, or of folders: then their files `*.journal` and `*.journal~`, and those of the folders in
   * them. A path that is not there is no failure. Links are not followed.
   */
  readonly paths: readonly string[];
  /**
   * Whether to read every entry, for facts of the files and gaps of numbers. Otherwise only those that can match are
   * read where the file's index leads to few of them.
   */
  readonly everyEntry: boolean;
  /** At most 1024 tests together. */
  readonly searches: readonly JournalSearch[];
}

interface JournalGroup {
  readonly value: Uint8Array;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

interface JournalCount {
  readonly matched: number;
  /** Null without a match. The earliest and the latest, with microseconds as fraction. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** In no order; only with `by`. */
  readonly groups: readonly JournalGroup[];
  /** Matched entries whose value came after `maximumValues` others, or is longer than 1 KiB. */
  readonly others: number;
  /** Matched entries without the value. */
  readonly withoutValue: number;
}

/** Of one start of the machine. */
interface JournalBoot {
  readonly id: string;
  readonly entries: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the file says of itself. Identifiers are 32 hex digits. */
interface JournalHeader {
  readonly machineId: string;
  /** Equal in files with one numbering of entries. */
  readonly sequenceId: string;
  /** `online`: a writer has it open, or ended without closing it. */
  readonly state: 'online' | 'offline' | 'archived';
  /** Sealed with forward secure sealing; the seals are not checked. */
  readonly isSealed: boolean;
}

interface JournalContent extends JournalHeader {
  readonly kind: 'read';
  /** `truncated`: shorter than its header says. `corrupted`: objects in it are not as the format has them. */
  readonly damage: 'truncated' | 'corrupted' | null;
  /** Those that were searched; without duplicates. */
  readonly entries: number;
  /** Null without entries. The earliest and the latest. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly boots: readonly JournalBoot[];
  /** There are more boots than the 256 that are told. */
  readonly isBootsCut: boolean;
  /** Entries that another file had, too. */
  readonly duplicates: number;
  /** Entries that the file's index does not have: their writing did not end. They were not searched. */
  readonly unlinkedEntries: number;
  /** Entries whose time is before that of the entry in front of them. */
  readonly backwardSteps: number;
  /** Damaged objects, and values that cannot be unpacked or are over 16 MiB; entries with them may match unnoticed. */
  readonly unreadableObjects: number;
}

/** Only the entries with the asked values were read, by the file's index. The times are those of its first and last entry. */
interface JournalIndexed extends JournalHeader {
  readonly kind: 'indexed';
  readonly entries: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly unreadableObjects: number;
}

/** All of its entries are outside the times of all searches, as its header says. */
interface JournalOutside extends JournalHeader {
  readonly kind: 'outside';
  readonly entries: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface JournalFailure {
  readonly kind: 'failed';
  readonly reason:
    | 'vanished'
    | 'no-permission'
    | 'read-error'
    | 'other-file-system'
    | 'special-file'
    | 'protected'
    | 'question-limit'
    /** No journal file, or one whose header was cut off. */
    | 'malformed'
    /** Written in a way that this reader does not know. */
    | 'unsupported';
}

/** The path has `\xHH` for bytes that are not UTF-8, and `\\` for a backslash. */
type JournalFile = { readonly path: string } & (JournalContent | JournalIndexed | JournalOutside | JournalFailure);

/** Entries that are in none of the files, although their numbers were given. */
interface JournalGap {
  /** Decimal digits: they may have 64 bits. Both ends are missing. */
  readonly from: string;
  readonly to: string;
  /** Of the entries before and behind the gap. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** The numbering of the entries of one or several files, of those with `kind: 'read'`. */
interface JournalSequence {
  readonly id: string;
  /** Decimal digits; of the first and the last entry. */
  readonly from: string;
  readonly to: string;
  /** The first 1,000. */
  readonly gaps: readonly JournalGap[];
  readonly gapCount: number;
  /** Entries in all gaps. */
  readonly missing: number;
  /** The numbers are too scattered to say, or not every entry was read. */
  readonly isUnknown: boolean;
}

export interface JournalScan {
  /** By the index of the search. */
  readonly searches: readonly JournalCount[];
  readonly files: readonly JournalFile[];
  readonly sequences: readonly JournalSequence[];
  /** Bytes read. */
  readonly bytes: number;
  readonly protectedQuestions: number;
  readonly stopped: 'cancelled' | 'time' | 'memory' | null;
}

export interface JournalFunctions {
  /** Reads journal files on a thread of its own. @throws CodedError<NativeCode> bad-plan, no-thread */
  readonly startJournal: (plan: JournalPlan) => NativeTask<JournalScan>;
}

export const journalPresence: Presence<JournalFunctions> = {
  startJournal: 'always',
};
