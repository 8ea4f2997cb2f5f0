/** Which processes are the scanner itself: the patterns are in their memory, and they must not find themselves. */
import type { ProcessEntry } from '../kit/processes/process-entry.ts';

/**
 * This process, the agent that started it and the agent's other modules: all that run this very executable and are this
 * process, its parent or another child of that. A process that only claims to be one would have to run our executable.
 */
export class OwnProcesses {
  readonly #ownPid: number;
  readonly #parentPid: number;
  readonly #identity: string | null;

  /** @param own what is known of this process; undefined when it could not be read. */
  constructor(own: ProcessEntry | undefined, pid: number, parentPid: number) {
    this.#ownPid = pid;
    this.#parentPid = parentPid;
    this.#identity = own?.executable.kind === 'file' ? own.executable.identity : null;
  }

  has({ pid, parentPid, executable }: ProcessEntry): boolean {
    if (pid === this.#ownPid) return true;
    const isSameExecutable =
      this.#identity !== null && executable.kind === 'file' && executable.identity === this.#identity;
    // Children of process 1 are everybody's.
    const isSibling = parentPid === this.#parentPid && this.#parentPid > 1;
    return isSameExecutable && (pid === this.#parentPid || isSibling);
  }
}
