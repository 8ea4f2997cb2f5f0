/**
 * Recognizes the processes that ask: a question must not find its own patterns, in their arguments or in their memory.
 * They are no gap of an answer, so no receipt counts them.
 */
import type { ProcessReader } from '../../../native/index.ts';
import { awaitTask } from '../await-task.ts';
import { type ProcessEntry, toEntry } from './process-entry.ts';

/**
 * `asker`: this process, another module of the same question's asker, or `mig` for a question to its own machine.
 * `agent`: the agent that started this process.
 */
export type OwnRole = 'asker' | 'agent';

/**
 * All run this executable and are this process, its parent or another child of that parent. A process that only
 * pretends would have to run our executable.
 */
export class OwnProcesses {
  readonly #ownPid: number;
  readonly #parentPid: number;
  readonly #identity: string | null;
  readonly #roleOfParent: OwnRole;

  /**
   * @param own facts about this process; undefined when unreadable.
   * @param isOwnMachine whether somebody asks on this machine, without an agent.
   */
  constructor(own: ProcessEntry | undefined, pid: number, parentPid: number, isOwnMachine: boolean) {
    this.#ownPid = pid;
    this.#parentPid = parentPid;
    this.#identity = own?.executable.kind === 'file' ? own.executable.identity : null;
    this.#roleOfParent = isOwnMachine ? 'asker' : 'agent';
  }

  /** Undefined for all other processes. */
  roleOf({ pid, parentPid, executable }: ProcessEntry): OwnRole | undefined {
    if (pid === this.#ownPid) return 'asker';
    const isSameExecutable =
      this.#identity !== null && executable.kind === 'file' && executable.identity === this.#identity;
    if (!isSameExecutable) return undefined;
    if (pid === this.#parentPid) return this.#roleOfParent;
    // Process 1 adopts children of others.
    return parentPid === this.#parentPid && this.#parentPid > 1 ? 'asker' : undefined;
  }
}

/** @param reader undefined where the system does not list processes. */
export async function findOwnProcesses(
  reader: ProcessReader | undefined,
  isOwnMachine: boolean,
  signal: AbortSignal,
): Promise<OwnProcesses> {
  const [own] = reader === undefined ? [] : await awaitTask(reader.read([process.pid]), signal);
  const entry = own?.kind === 'facts' ? toEntry(own) : undefined;
  return new OwnProcesses(entry, process.pid, process.ppid, isOwnMachine);
}
