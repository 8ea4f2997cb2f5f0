/** Prints the steps of a build, one plain line each with its time. A terminal also gets a progress line for long ones. */
import type { WriteStream } from 'node:tty';
import { ProgressLine } from './progress-line.ts';

export type Print = (line: string) => void;

export class Progress {
  readonly #print: Print;
  readonly #line: ProgressLine | null;
  readonly #startedMs = performance.now();

  /** @param terminal where the lines go, when they go to one. */
  constructor(print: Print, terminal: WriteStream | null = null) {
    this.#print = print;
    this.#line = terminal === null ? null : new ProgressLine(terminal);
  }

  /** For a stream that may be a terminal. */
  static to(stream: NodeJS.WriteStream): Progress {
    return new Progress((line) => stream.write(`${line}\n`), stream.isTTY ? stream : null);
  }

  readonly note = (line: string): void => {
    this.#line?.clear();
    this.#print(line);
  };

  /** Shows the progress of the step. @param share from 0 to 1. */
  readonly show = (share: number, now: string): void => {
    this.#line?.show(share, now);
  };

  /** Runs a step. A failing step prints nothing: its error says all. */
  async step<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const startedMs = performance.now();
    try {
      const value = await work();
      this.#line?.end();
      this.#print(`${name.padEnd(40)} ${formatSeconds(performance.now() - startedMs)}`);
      return value;
    } finally {
      this.#line?.end();
    }
  }

  end(): void {
    this.#print(`${'done'.padEnd(40)} ${formatSeconds(performance.now() - this.#startedMs)}`);
  }
}

function formatSeconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(2).padStart(6)} s`;
}
