/** What the addon offers about processes, as types. */
import type { DigestAlgorithm } from '../digest/digest.ts';
import type { Presence } from '../napi/presence.ts';
import type { NativeFailure, NativeTask } from '../napi/task.ts';

export type Executable =
  /** A thread of the kernel or a zombie. */
  | { readonly kind: 'none' }
  /** Another user's, or protected. */
  | { readonly kind: 'hidden' }
  | {
      readonly kind: 'file';
      readonly path: Uint8Array;
      /** No name in any directory stands for it any more. */
      readonly isDeleted: boolean;
      /** Made by memfd_create(2). */
      readonly isMemory: boolean;
      /** The same text for the same version of the same file. */
      readonly identity: string;
    };

/** Names and paths are bytes as the kernel has them: `escapeBytes` makes text of them. */
export interface ProcessFacts {
  readonly kind: 'facts';
  readonly pid: number;
  readonly parentPid: number;
  /** At most 15 bytes on Linux and macOS. */
  readonly name: Uint8Array;
  /** One letter as in ps(1); `?` where the system does not say. */
  readonly state: string;
  readonly isKernelThread: boolean;
  /** In the system's own unit; with the pid it names a process for good. */
  readonly startTicks: number;
  /** Since the epoch. */
  readonly startSeconds: number;
  /** Arguments, each with a NUL behind it. */
  readonly command: Uint8Array;
  /** The command line is longer than what is here. */
  readonly isCommandCut: boolean;
  readonly executable: Executable;
  /** By the mark in its executable; false for one on a file system that may never answer, which is not read. */
  readonly runsAgent: boolean;
  /** As whom it acts: a number, on Windows a SID; null when it may not be seen. */
  readonly userId: string | null;
  /** What this machine itself knows it by; the same as `userId` when that has no name here. */
  readonly user: string | null;
  /** Effective, a bit each; null where there are none. @see capabilities(7) */
  readonly capabilities: bigint | null;
  /** `docker/<id>`; null outside of containers. */
  readonly container: string | null;
}

interface ListeningPort {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
}

interface ListeningPorts {
  readonly processes: readonly { readonly pid: number; readonly ports: readonly ListeningPort[] }[];
  readonly errors: readonly string[];
}

export interface ProcessReader {
  /** Numbers of all processes, ascending. @throws CodedError<NativeCode> proc-unreadable */
  readonly list: () => readonly number[];
  /** In the order asked for; fewer when cancelled. */
  readonly read: (pids: readonly number[]) => NativeTask<readonly (ProcessFacts | NativeFailure)[]>;
  /** Digests in hex, in the order asked for, of what the process runs. */
  readonly digest: (
    pid: number,
    startTicks: number,
    algorithms: readonly DigestAlgorithm[],
  ) => NativeTask<{ readonly kind: 'digests'; readonly hex: readonly string[] } | NativeFailure>;
  readonly listeningPorts: (pids: readonly number[]) => NativeTask<ListeningPorts>;
}

export interface ProcFunctions {
  /** @param cpuPercent share of one core for the whole process. */
  readonly openProcessReader: (cpuPercent: number) => ProcessReader;
}

export const procPresence: Presence<ProcFunctions> = { openProcessReader: 'always' };
