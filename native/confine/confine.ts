/** What a process gives up before a module runs in it. */
import type { Presence } from '../napi/presence.ts';

/** What a module keeps besides reading what the user of this process may read. */
interface ConfinementPlan {
  /** Whoever owns them. */
  readonly readsAllFiles: boolean;
  /** Memory, open files, executable and root of other processes. */
  readonly readsProcesses: boolean;
  /** Mapped files that have lost their name. */
  readonly readsMappedFiles: boolean;
  /** Interfaces, neighbours and sockets, by netlink. */
  readonly asksKernelTables: boolean;
  /** Network namespaces of other processes. */
  readonly entersNamespaces: boolean;
  /** Packed files are unpacked in processes without any rights, which are started now. Linux; elsewhere it is nothing. */
  readonly startsUnpackers: boolean;
  /** Folders whose files stay closed, as devices do; held only where no other process is read. */
  readonly withheld: readonly string[];
}

/** What this system offers for it. */
export interface ConfinementSupport {
  readonly capabilities: boolean;
  /** Of system calls, by seccomp. */
  readonly callFilter: boolean;
  /** The version of Landlock; 0 when there is none. */
  readonly readOnlyVersion: number;
  /** Of Windows: privileges removed, and a job of its own. */
  readonly restrictedToken: boolean;
  /** Of Windows: nothing that has no lower label is written. */
  readonly lowIntegrity: boolean;
  /** The same where other processes are read. */
  readonly lowIntegrityForProcesses: boolean;
}

export interface ConfineFunctions {
  /** All threads, for good. What the system does not offer is left out. @throws CodedError<NativeCode> confinement-failed */
  readonly confine: (plan: ConfinementPlan) => void;
  /** io_uring is not there for this thread and what it starts. Linux; elsewhere nothing. @throws CodedError<NativeCode> confinement-failed */
  readonly refuseRings: () => void;
  readonly readConfinement: () => ConfinementSupport;
}

export const confinePresence: Presence<ConfineFunctions> = {
  confine: 'always',
  refuseRings: 'always',
  readConfinement: 'always',
};
