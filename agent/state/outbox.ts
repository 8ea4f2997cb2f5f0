/** Signed results, by action, that the broker has not confirmed yet; they survive a restart and are sent again until they are. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ActionId, Sha256 } from '../../protocol/base/identifiers.ts';
import { writeDurably } from './durable-file.ts';

const suffix = '.message';
const newline = 0x0a;

/** What must be known of an action to answer it once more, without its answer. */
export const AnswerHead = z.strictObject({
  action: ActionId,
  actiondigest: Sha256,
  replykey: z.string(),
  operations: z.int().min(0),
  /** By the action, in milliseconds since the epoch. */
  expiresMs: z.number(),
});
export type AnswerHead = z.infer<typeof AnswerHead>;

export interface Undelivered {
  readonly head: AnswerHead;
  readonly message: Buffer;
}

/** One line of JSON, then the message as it is. */
function parseEntry(bytes: Buffer): Undelivered | null {
  const end = bytes.indexOf(newline);
  try {
    return { head: AnswerHead.parse(JSON.parse(bytes.toString('utf8', 0, end))), message: bytes.subarray(end + 1) };
  } catch {
    return null;
  }
}

export class Outbox {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = join(directory, 'outbox');
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    // What a crash left half-written is not an answer: its action is answered as interrupted.
    for (const name of readdirSync(this.#directory)) if (!name.endsWith(suffix)) rmSync(join(this.#directory, name));
  }

  #pathOf(action: ActionId): string {
    return join(this.#directory, `${action}${suffix}`);
  }

  /** On the disk when this returns. */
  put(head: AnswerHead, message: Uint8Array): void {
    const line = Buffer.from(`${JSON.stringify(head)}\n`, 'utf8');
    writeDurably(this.#pathOf(head.action), Buffer.concat([line, message]));
  }

  /** An entry that cannot be read is none, and is removed: its action is answered as interrupted. */
  get(action: ActionId): Undelivered | null {
    const path = this.#pathOf(action);
    const entry = existsSync(path) ? parseEntry(readFileSync(path)) : null;
    if (entry === null) rmSync(path, { force: true });
    return entry;
  }

  /** 0 when there is none. */
  sizeBytes(action: ActionId): number {
    return statSync(this.#pathOf(action), { throwIfNoEntry: false })?.size ?? 0;
  }

  delete(action: ActionId): void {
    rmSync(this.#pathOf(action), { force: true });
  }

  actions(): ActionId[] {
    return readdirSync(this.#directory).flatMap((name) => {
      const parsed = name.endsWith(suffix) ? ActionId.safeParse(name.slice(0, -suffix.length)) : null;
      return parsed?.success === true ? [parsed.data] : [];
    });
  }
}
