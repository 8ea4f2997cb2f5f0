/** Recognizes the scanner's own processes: the patterns are in their memory, and they must not find themselves. */
import type { ProcessEntry } from '../kit/processes/process-entry.ts';

/**
 * This process, the agent that started it and the agent's other modules: all run this executable and are this process,
 * its parent or another child of that parent. A process that only pretends would have to run our executable.
 */
export class OwnProcesses {
  readonly #ownPid: number;
  readonly #parentPid: number;
  readonly #identity: string | null;

  /** @param own facts about this process; undefined when unreadable. */
  constructor(own: ProcessEntry | undefined, pid: number, parentPid: number) {
    this.#ownPid = pid;
    this.#parentPid = parentPid;
    this.#identity = own?.executable.kind === 'file' ? own.executable.identity : null;
  }

  has({ pid, parentPid, executable }: ProcessEntry): boolean {
    if (pid === this.#ownPid) return true;
    const isSameExecutable =
      this.#identity !== null && executable.kind === 'file' && executable.identity === this.#identity;
    // Process 1 adopts children of others.
    const isSibling = parentPid === this.#parentPid && this.#parentPid > 1;
    return isSameExecutable && (pid === this.#parentPid || isSibling);
  }
}
