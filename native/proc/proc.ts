/** Types of the addon's process functions. */
import type { DigestAlgorithm } from '../digest/digest.ts';
import type { Presence } from '../napi/presence.ts';
import type { NativeFailure, NativeTask } from '../napi/task.ts';

export type Executable =
  /** A kernel thread or a zombie. */
  | { readonly kind: 'none' }
  /** Another user's, or protected. */
  | { readonly kind: 'hidden' }
  | {
      readonly kind: 'file';
      readonly path: Uint8Array;
      /** The file has no name in any directory. */
      readonly isDeleted: boolean;
      /** Made by memfd_create(2). */
      readonly isMemory: boolean;
      /** Equal for the same version of the same file. */
      readonly identity: string;
    };

/** Names and paths are the kernel's bytes: `escapeBytes` converts them to text. */
export interface ProcessFacts {
  readonly kind: 'facts';
  readonly pid: number;
  readonly parentPid: number;
  /** At most 15 bytes on Linux and macOS. */
  readonly name: Uint8Array;
  /** One letter as in ps(1); `?` if the system does not say. */
  readonly state: string;
  readonly isKernelThread: boolean;
  /** In the system's own unit; identifies a process for good together with the pid. */
  readonly startTicks: number;
  /** Since the epoch. */
  readonly startSeconds: number;
  /** Arguments, each followed by a NUL. */
  readonly command: Uint8Array;
  /** Whether the command line was cut. */
  readonly isCommandCut: boolean;
  readonly executable: Executable;
  /**
   * Whether the executable has an agent's mark; false for one on a file system that may never answer, which is not
   * read.
   */
  readonly runsAgent: boolean;
  /** Effective user: a number, on Windows a SID; null when not visible. */
  readonly userId: string | null;
  /** The local name of that user, or `userId` without one. */
  readonly user: string | null;
  /** Effective, as a bit set; null on systems without capabilities. @see capabilities(7) */
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
  /** Pids of all processes, ascending. @throws CodedError<NativeCode> proc-unreadable */
  readonly list: () => readonly number[];
  /** In the requested order; fewer when cancelled. */
  readonly read: (pids: readonly number[]) => NativeTask<readonly (ProcessFacts | NativeFailure)[]>;
  /** Digests of the executable in hex, in the requested order. */
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
