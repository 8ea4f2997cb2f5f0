/** Tells the steps of a build, one plain line each with its time. */

export type Print = (line: string) => void;

export class Progress {
  readonly #print: Print;
  readonly #startedMs = performance.now();

  constructor(print: Print) {
    this.#print = print;
  }

  note(line: string): void {
    this.#print(line);
  }

  /** Runs a step; a step that fails prints nothing, its error tells. */
  async step<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const startedMs = performance.now();
    const value = await work();
    this.#print(`${name.padEnd(40)} ${formatSeconds(performance.now() - startedMs)}`);
    return value;
  }

  end(): void {
    this.#print(`${'done'.padEnd(40)} ${formatSeconds(performance.now() - this.#startedMs)}`);
  }
}

function formatSeconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(2).padStart(6)} s`;
}
