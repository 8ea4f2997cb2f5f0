/** Check 4.2: deliveries that came again without having been handled, counted on the disk. None can end the agent for ever. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceDurably } from '../../host/replace-file.ts';
import { Sha256 } from '../../protocol/base/identifiers.ts';
import { isUnwritable } from '../state/durable-file.ts';

const Stored = z.record(Sha256, z.int().min(1));

/** A delivery that has come so often before is not tried again. */
export const bearableAttempts = 3;

export class Attempts {
  readonly #path: string;
  readonly #counts: Map<string, number>;

  constructor(directory: string) {
    this.#path = join(directory, 'attempts.json');
    const stored = existsSync(this.#path) ? Stored.parse(JSON.parse(readFileSync(this.#path, 'utf8'))) : {};
    this.#counts = new Map(Object.entries(stored));
  }

  /**
   * Nothing is written for what comes for the first time.
   * @param digest of the delivery's body.
   * @returns how often it came before and was not handled.
   */
  begin(digest: string, isRedelivered: boolean): number {
    if (!isRedelivered) return 0;
    const count = (this.#counts.get(digest) ?? 0) + 1;
    this.#counts.set(digest, count);
    this.#write();
    return count;
  }

  /** It was handled, or the link was lost, which is not its fault. */
  end(digest: string): void {
    if (this.#counts.delete(digest)) this.#write();
  }

  #write(): void {
    try {
      replaceDurably(this.#path, Buffer.from(JSON.stringify(Object.fromEntries(this.#counts))));
    } catch (error) {
      // On a full disk every command is refused anyway.
      if (!isUnwritable(error)) throw error;
    }
  }
}
