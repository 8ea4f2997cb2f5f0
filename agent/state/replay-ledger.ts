/** Which actions this agent has taken, kept across restarts until each has expired: nothing runs twice. */
import { join } from 'node:path';
import * as z from 'zod';
import { replaceDurably } from '../../host/replace-file.ts';
import { ActionId } from '../../protocol/base/identifiers.ts';
import { AppendLog, readLines } from './append-log.ts';

const Entry = z.discriminatedUnion('kind', [
  /** The action was accepted and is about to run. */
  z.strictObject({ kind: z.literal('taken'), action: ActionId, expiresMs: z.number() }),
  /** The broker has confirmed its report. */
  z.strictObject({ kind: z.literal('reported'), action: ActionId }),
  /** Entries that expired before this time have been forgotten. */
  z.strictObject({ kind: z.literal('forgotten'), beforeMs: z.number() }),
]);
type Entry = z.infer<typeof Entry>;

export type LedgerState = 'new' | 'taken' | 'reported' | 'forgotten';

interface Known {
  readonly expiresMs: number;
  reported: boolean;
}

export class ReplayLedger {
  readonly #known = new Map<ActionId, Known>();
  readonly #log: AppendLog;
  #forgottenBeforeMs = 0;

  /** @param nowMs entries that expired before this are forgotten; pass the clock less the allowed skew. */
  constructor(directory: string, nowMs: number) {
    const path = join(directory, 'ledger.jsonl');
    for (const line of readLines(path)) this.#learn(Entry.parse(JSON.parse(line)));
    this.#forget(nowMs);
    replaceDurably(
      path,
      Buffer.from(
        this.#toEntries()
          .map((entry) => `${JSON.stringify(entry)}\n`)
          .join(''),
      ),
    );
    this.#log = AppendLog.open(path);
  }

  #learn(entry: Entry): void {
    if (entry.kind === 'taken') this.#known.set(entry.action, { expiresMs: entry.expiresMs, reported: false });
    else if (entry.kind === 'forgotten') this.#forgottenBeforeMs = Math.max(this.#forgottenBeforeMs, entry.beforeMs);
    else {
      const known = this.#known.get(entry.action);
      if (known !== undefined) known.reported = true;
    }
  }

  #forget(nowMs: number): void {
    for (const [action, { expiresMs }] of this.#known) if (expiresMs < nowMs) this.#known.delete(action);
    this.#forgottenBeforeMs = Math.max(this.#forgottenBeforeMs, nowMs);
  }

  #toEntries(): Entry[] {
    const entries: Entry[] = [{ kind: 'forgotten', beforeMs: this.#forgottenBeforeMs }];
    for (const [action, { expiresMs, reported }] of this.#known) {
      entries.push({ kind: 'taken', action, expiresMs });
      if (reported) entries.push({ kind: 'reported', action });
    }
    return entries;
  }

  /**
   * `forgotten`: an action of that expiry may have been taken and forgotten. Only a clock that was set back brings that about;
   * the action counts as expired.
   */
  stateOf(action: ActionId, expiresMs: number): LedgerState {
    const known = this.#known.get(action);
    if (known !== undefined) return known.reported ? 'reported' : 'taken';
    return expiresMs < this.#forgottenBeforeMs ? 'forgotten' : 'new';
  }

  /** The end of the action for this agent; undefined when it was not taken, or has been forgotten. */
  expiryOf(action: ActionId): number | undefined {
    return this.#known.get(action)?.expiresMs;
  }

  /** In the order in which they were taken. */
  *reported(): Generator<{ readonly action: ActionId; readonly expiresMs: number }> {
    for (const [action, { expiresMs, reported }] of this.#known) if (reported) yield { action, expiresMs };
  }

  /** On the disk when this returns: from here on the action never runs again. */
  take(action: ActionId, expiresMs: number): void {
    const entry: Entry = { kind: 'taken', action, expiresMs };
    this.#log.append(entry);
    this.#learn(entry);
  }

  /** Known at once; when this throws, not after a restart. */
  markReported(action: ActionId): void {
    const entry: Entry = { kind: 'reported', action };
    this.#learn(entry);
    this.#log.append(entry);
  }

  close(): void {
    this.#log.close();
  }
}
