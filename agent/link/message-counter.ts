/** Numbers an agent's messages. They rise across restarts, and are reserved on the disk in blocks. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceDurably } from '../../host/replace-file.ts';
import { isUnwritable } from '../state/durable-file.ts';

const Stored = z.strictObject({ reserved: z.int().min(0) });
/** Numbers that a crash may leave out; half of them outlast a full disk for a month of heartbeats. */
const blockSize = 100_000;

export class MessageCounter {
  readonly #path: string;
  #next: number;
  #reserved: number;

  constructor(directory: string) {
    this.#path = join(directory, 'counter.json');
    const stored = existsSync(this.#path) ? Stored.parse(JSON.parse(readFileSync(this.#path, 'utf8'))).reserved : 0;
    this.#next = stored;
    this.#reserved = stored;
  }

  next(): number {
    if (this.#reserved - this.#next <= blockSize / 2) this.#reserveMore();
    this.#next += 1;
    return this.#next;
  }

  #reserveMore(): void {
    const reserved = this.#reserved + blockSize;
    try {
      replaceDurably(this.#path, Buffer.from(JSON.stringify({ reserved })));
      this.#reserved = reserved;
    } catch (error) {
      if (!isUnwritable(error) || this.#next === this.#reserved) throw error;
    }
  }
}
