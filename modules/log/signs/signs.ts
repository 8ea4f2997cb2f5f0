/** Holes in logs, and what looks altered: signs of tampering, of a full queue, or of a crash. */
import { addSpan, type Span } from '../count/span.ts';
import type { Window } from '../question/moment.ts';
import type { LogSource } from '../question/sources.ts';

/**
 * `missing`: numbers that were given and that no entry has. `zeroed`: records or runs of zeros. `backwards`: the time runs
 * back by more than a minute. `damaged`: shorter than it says, or not as the format has it. `deleted`: without a name, and
 * still open in a process.
 */
export const signKinds = ['missing', 'zeroed', 'backwards', 'damaged', 'deleted'] as const;
export type SignKind = (typeof signKinds)[number];

/** Later in one log than the entry in front of it by more than so much is no sign: several processes write. */
export const toleranceMs = 60_000;
const mostSigns = 10_000;

export interface Sign {
  readonly source: LogSource;
  readonly kind: SignKind;
  /** As `Host.at` makes it; null for what is in no one file. */
  readonly path: string | null;
  readonly span: Span;
}

export class Signs {
  readonly #signs = new Map<string, Sign>();

  /** Those without a time, and those of the asked one. */
  within({ fromMs, toMs }: Window): Sign[] {
    return [...this.#signs.values()].filter(({ span: { firstMs, lastMs } }) => {
      const isLate = fromMs === null || lastMs === null || lastMs >= fromMs;
      return isLate && (toMs === null || firstMs === null || firstMs <= toMs);
    });
  }

  /** @param span how many; from the time before the first to that behind the last. */
  add(source: LogSource, kind: SignKind, path: string | null, span: Readonly<Span>): void {
    if (span.count === 0) return;
    const key = JSON.stringify([source, kind, path]);
    const known = this.#signs.get(key);
    if (known !== undefined) addSpan(known.span, span);
    else if (this.#signs.size < mostSigns) this.#signs.set(key, { source, kind, path, span: { ...span } });
  }
}
