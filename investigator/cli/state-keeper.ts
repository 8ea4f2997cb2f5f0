/**
 * Writes down what makes the next command faster or wiser: sessions, agents that answered, heartbeats that were seen. Where
 * nothing can be written, that is said once and the command goes on.
 */
import { makeFolder } from '../../host/make-folder.ts';
import { toReason } from './named-file.ts';

export class StateKeeper {
  readonly #tell: (line: string) => void;
  readonly #lost = new Set<string>();

  /** @param tell is given a line for the person, not escaped. */
  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** @param write is called when the folder is there, for its owner alone. */
  keep(folder: string, write: () => void): void {
    try {
      makeFolder(folder, 0o700);
      write();
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      if (this.#lost.has(folder)) return;
      this.#lost.add(folder);
      this.#tell(
        `nothing can be kept in ${folder} (${toReason(error)}): the next command logs in again, and does not know which agents answered before`,
      );
    }
  }
}
