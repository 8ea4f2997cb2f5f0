/** Names the sources of a listing in its receipt. What could not be read is unknown, never empty. */
import { toInstant } from '../../../protocol/base/instant.ts';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Findings } from '../findings.ts';

/** Reasons that leave an answer complete when a walk skips a file. A source is expected to be there. */
const unproblematic: ReadonlySet<SkipReason> = new Set(['vanished', 'special-file', 'link-loop']);

/** From the first to the last entry of a log, in milliseconds since 1970. */
export interface Reach {
  readonly fromMs: number;
  readonly toMs: number;
}

type Told = Pick<Findings<object>, 'skip' | 'source' | 'noteNaming'>;

export class SourceReport {
  readonly #findings: Told;
  readonly #kind: string;

  /** @param kind `dpkg` */
  constructor(findings: Told, kind: string) {
    this.#findings = findings;
    this.#kind = kind;
  }

  /** @param gap why there may be more entries than these. */
  read(path: string, entries: number, gap?: SkipReason, reach?: Reach): void {
    const times = reach === undefined ? {} : { from: toInstant(reach.fromMs), to: toInstant(reach.toMs) };
    this.#findings.source({ kind: this.#kind, path, entries, complete: gap === undefined, ...times });
    if (gap !== undefined) this.#say(path, gap);
  }

  unread(path: string, reason: SkipReason): void {
    this.read(path, 0, reason);
  }

  #say(path: string, reason: SkipReason): void {
    this.#findings.skip(unproblematic.has(reason) ? 'read-error' : reason);
    this.#findings.noteNaming(`${this.#kind}: ${path} was not read completely: ${reason}`);
  }
}
