/** Digests of executables, each file read once for all its processes. */
import type { DigestAlgorithm, ProcessReader } from '../../native/index.ts';
import { awaitTask } from '../kit/await-task.ts';
import type { ProcessEntry } from '../kit/processes/process-entry.ts';

export type Digests = ReadonlyMap<DigestAlgorithm, string>;
export const noDigests: Digests = new Map();

/** The key of a file, equal for all its processes. */
function identityOf({ pid, executable }: ProcessEntry): string {
  return executable.kind === 'file' ? (executable.identity ?? `pid ${pid}`) : `pid ${pid}`;
}

export class ExecutableDigests {
  readonly #remote = new Set<string>();
  readonly #reader: ProcessReader | undefined;
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #known = new Map<string, Digests>();

  /** @param reader undefined when the system does not list processes. */
  constructor(reader: ProcessReader | undefined, algorithms: readonly DigestAlgorithm[]) {
    this.#reader = reader;
    this.#algorithms = algorithms;
  }

  /** `gone` when the process has ended. */
  async of(entry: ProcessEntry, signal: AbortSignal): Promise<Digests | 'unreadable' | 'gone'> {
    const { pid, startTicks, executable } = entry;
    if (executable.kind !== 'file' || startTicks === null || this.#reader === undefined) return 'unreadable';
    const identity = identityOf(entry);
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const outcome = await awaitTask(this.#reader.digest(pid, startTicks, this.#algorithms), signal);
    if (outcome.kind === 'failed') {
      if (outcome.reason === 'remote-file') this.#remote.add(identity);
      return outcome.reason === 'vanished' ? 'gone' : 'unreadable';
    }
    const digests = new Map(this.#algorithms.map((algorithm, index) => [algorithm, outcome.hex[index] ?? '']));
    this.#known.set(identity, digests);
    return digests;
  }

  /** Whether it was skipped, because its file system might never answer. */
  isRemote(entry: ProcessEntry): boolean {
    return this.#remote.has(identityOf(entry));
  }
}
