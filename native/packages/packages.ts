/** Types of the addon's functions for the files of packages. */

import type { DigestAlgorithm } from '../digest/digest.ts';
import type { Presence } from '../napi/presence.ts';
import type { NativeFailure, NativeTask } from '../napi/task.ts';
import type { ScanPlan } from '../scan/scan.ts';

export interface SmallFiles {
  /** Of all files, one behind the other. */
  readonly bytes: Buffer;
  /** Where each ends in them. */
  readonly ends: Float64Array;
  /** By the index of the file, which is empty then. */
  readonly failures: readonly {
    readonly file: number;
    readonly reason: NativeFailure['reason'] | 'size-limit' | 'special-file';
  }[];
}

/** The limits and rules of a scan. */
type VerifyLimits = Pick<
  ScanPlan,
  'threads' | 'cpuPercent' | 'seconds' | 'protectedPatterns' | 'protectedContents' | 'protectedQuestions'
>;

export interface VerifyPlan extends VerifyLimits {
  /** The folder of the host's files, without links and without a slash at its end; empty for this machine's. */
  readonly root: string;
  /** Absolute, each with a zero behind it. */
  readonly paths: Uint8Array;
  readonly algorithm: DigestAlgorithm;
  /** Raw, of all paths one behind the other. */
  readonly digests: Uint8Array;
  /** Of each path 1 when its digest counts, else 0. */
  readonly hasDigest: Uint8Array;
  /** Whether to read the capabilities of files with digests. */
  readonly capabilities: boolean;
}

/** By their numbers. */
export const fileOutcomes = [
  'unseen',
  'same',
  'differs',
  'missing',
  'no-permission',
  'read-error',
  'protected',
  'question-limit',
  'other-file-system',
  'changed-while-read',
] as const;

/** By their numbers. */
export const fileTypes = ['unknown', 'file', 'folder', 'link', 'other'] as const;

/** Of each path of the plan. */
export interface VerifiedFiles {
  /** Indexes of `fileOutcomes`: `same` is there, and of the package's digest when it has one. */
  readonly outcomes: Uint8Array;
  /** Indexes of `fileTypes`; of a link itself. */
  readonly types: Uint8Array;
  /** Permission bits, with those of setuid, setgid and sticky. */
  readonly modes: Uint32Array;
  readonly users: Uint32Array;
  readonly groups: Uint32Array;
  /** Of the files that have some, as the file system has them. */
  readonly capabilities: readonly { readonly file: number; readonly value: Buffer }[];
  readonly bytes: number;
  readonly protectedQuestions: number;
  readonly stopped: 'cancelled' | 'time' | 'memory' | null;
}

export interface PackagesFunctions {
  /**
   * Reads regular files of a folder; a link is not followed.
   * @param names at most 1024.
   * @param mostBytes of a file, up to 16 MiB.
   */
  readonly readSmallFiles: (folder: string, names: readonly string[], mostBytes: number) => SmallFiles;
  /**
   * All lines of a text that are equal to a wanted one: the index of the wanted line, and where it begins in the text,
   * by turns.
   * @param wanted different lines, none of them empty.
   */
  readonly findLines: (text: Uint8Array, wanted: Uint8Array) => Uint32Array;
  /** Only on Linux. Links of folders are followed, as far as they do not lead out of the root. @throws CodedError<NativeCode> bad-plan, no-thread */
  readonly startVerify?: (plan: VerifyPlan) => NativeTask<VerifiedFiles>;
}

export const packagesPresence: Presence<PackagesFunctions> = {
  readSmallFiles: 'always',
  findLines: 'always',
  startVerify: 'sometimes',
};
