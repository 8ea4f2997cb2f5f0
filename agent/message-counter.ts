/** Numbers that rise with all that this agent says, also across restarts; taken from the disk in blocks. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writeDurably } from './durable-file.ts';

const Stored = z.strictObject({ reserved: z.int().min(0) });
/** Numbers that a crash may leave out, and how seldom the disk is written to. */
const blockSize = 1000;

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
    if (this.#next === this.#reserved) {
      const reserved = this.#reserved + blockSize;
      writeDurably(this.#path, Buffer.from(JSON.stringify({ reserved })));
      this.#reserved = reserved;
    }
    this.#next += 1;
    return this.#next;
  }
}
