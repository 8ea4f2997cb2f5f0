/** Reports by action that the broker has not confirmed yet. They survive a restart and are sent until it has. */

import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { makeFolder } from '../../host/make-folder.ts';
import { replaceDurably } from '../../host/replace-file.ts';
import { ActionId, Sha256 } from '../../protocol/base/identifiers.ts';

const suffix = '.message';
const newline = 0x0a;

/** The part of an action from which a failed report can be made when the report itself does not get through. */
export const ReportHead = z.strictObject({
  action: ActionId,
  actiondigest: Sha256,
  replykey: z.string(),
  operations: z.int().min(0),
  /** The action's expiry, in milliseconds since the epoch. */
  expiresMs: z.number(),
});
export type ReportHead = z.infer<typeof ReportHead>;

export interface UndeliveredReport {
  readonly head: ReportHead;
  readonly message: Buffer;
}

/** One line of JSON, then the message as it is. */
function parseEntry(bytes: Buffer): UndeliveredReport | null {
  const end = bytes.indexOf(newline);
  try {
    return { head: ReportHead.parse(JSON.parse(bytes.toString('utf8', 0, end))), message: bytes.subarray(end + 1) };
  } catch {
    return null;
  }
}

export class Outbox {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = join(directory, 'outbox');
    makeFolder(this.#directory, 0o700);
    // A file that a crash left half-written is no report: its action is reported as interrupted.
    for (const name of readdirSync(this.#directory)) if (!name.endsWith(suffix)) rmSync(join(this.#directory, name));
  }

  #pathOf(action: ActionId): string {
    return join(this.#directory, `${action}${suffix}`);
  }

  /** On the disk when this returns. */
  put(head: ReportHead, message: Uint8Array): void {
    const line = Buffer.from(`${JSON.stringify(head)}\n`, 'utf8');
    replaceDurably(this.#pathOf(head.action), Buffer.concat([line, message]));
  }

  /** An entry that cannot be read is none, and is removed: its action is reported as interrupted. */
  get(action: ActionId): UndeliveredReport | null {
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
