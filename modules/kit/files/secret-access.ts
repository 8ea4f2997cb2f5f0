/** Whether a question may learn about a private key: such files are protected by name, and by their first bytes. */

import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Gate } from '../gate.ts';

export class SecretAccess {
  readonly #gate: Gate;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** Whether a rule protects private keys under any name. */
  get protectsContent(): boolean {
    return this.#gate.protection.contents.some(({ kind }) => kind === 'private-key');
  }

  /**
   * For a file that has proved to be a private key: why it may not be told of; null when it may. One whose name is not
   * protected takes a question here, one whose name is took it when it was opened.
   */
  judge(path: string): SkipReason | null {
    const rules = this.#gate.protection.contents.filter(({ kind }) => kind === 'private-key');
    if (rules.some(({ mayRead }) => !mayRead)) return 'protected';
    if (rules.length === 0 || this.#gate.requestRead({ paths: [path] }, 0) !== 'open') return null;
    if (this.#gate.answered >= this.#gate.protection.questions) return 'question-limit';
    this.#gate.countAnswered(1);
    return null;
  }
}
