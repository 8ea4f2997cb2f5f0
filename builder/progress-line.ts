/** One line on a terminal for long work: a bar, the current part, and about the time left. */
import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';

const barWidth = 24;
/** Some terminals say 0. */
const columnsWhenUnknown = 80;
/** Below this share the time left would be a guess. */
const shareForTimeLeft = 0.1;

/** @param share from 0 to 1. @param columns of the terminal: the line must not wrap. */
export function formatProgress(share: number, now: string, elapsedMs: number, columns: number): string {
  const filled = Math.round(share * barWidth);
  const bar = `${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}`;
  const leftSeconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000);
  const left = share < shareForTimeLeft ? '' : `  about ${leftSeconds} s left`;
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %${left}  ${now}`.slice(0, Math.max(columns - 1, 0));
}

export class ProgressLine {
  readonly #terminal: WriteStream;
  #startedMs: number | null = null;

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
  }

  /** Shows the line, in place of the one before. */
  show(share: number, now: string): void {
    this.#startedMs ??= performance.now();
    this.clear();
    const columns = this.#terminal.columns || columnsWhenUnknown;
    this.#terminal.write(formatProgress(share, now, performance.now() - this.#startedMs, columns));
  }

  /** Removes the line, so that others can write. */
  clear(): void {
    if (this.#startedMs === null) return;
    cursorTo(this.#terminal, 0);
    clearLine(this.#terminal, 0);
  }

  /** Forgets the start: the next line is about other work. */
  end(): void {
    this.clear();
    this.#startedMs = null;
  }
}
