/** The confinement of a process before a module runs in it. */
import type { Presence } from '../napi/presence.ts';

/** Rights that a module keeps besides reading the files of its user. */
interface ConfinementPlan {
  /** Files of every owner. */
  readonly readsAllFiles: boolean;
  /** Memory, open files, executable and root of other processes. */
  readonly readsProcesses: boolean;
  /** Mapped files without a name. */
  readonly readsMappedFiles: boolean;
  /** Interfaces, neighbours and sockets, by netlink. */
  readonly asksKernelTables: boolean;
  /** Network namespaces of other processes. */
  readonly entersNamespaces: boolean;
  /** What the kernel knows of its clock. */
  readonly readsClock: boolean;
  /**
   * Unpacks packed files in processes without any rights, which are started now. Ignored on other systems than Linux.
   */
  readonly startsUnpackers: boolean;
  /** Folders whose files stay closed, as devices do; not enforced when other processes are read. */
  readonly withheld: readonly string[];
}

/** The mechanisms of this system. */
export interface ConfinementSupport {
  readonly capabilities: boolean;
  /** System calls are filtered by seccomp. */
  readonly callFilter: boolean;
  /** The version of Landlock; 0 when there is none. */
  readonly readOnlyVersion: number;
  /** Windows: privileges are removed, and the process is in a job of its own. */
  readonly restrictedToken: boolean;
  /** Windows: nothing can be written unless it has a low integrity label. */
  readonly lowIntegrity: boolean;
  /** The same when other processes are read. */
  readonly lowIntegrityForProcesses: boolean;
}

export interface ConfineFunctions {
  /**
   * Confines all threads, for good. Missing mechanisms are skipped. @throws CodedError<NativeCode> confinement-failed
   */
  readonly confine: (plan: ConfinementPlan) => void;
  /**
   * Hides io_uring from this thread and the processes that it starts. Does nothing on other systems than Linux. @throws
   * CodedError<NativeCode> confinement-failed
   */
  readonly refuseRings: () => void;
  readonly readConfinement: () => ConfinementSupport;
}

export const confinePresence: Presence<ConfineFunctions> = {
  confine: 'always',
  refuseRings: 'always',
  readConfinement: 'always',
};
