/** The input of a module process: one short line, which decides what the process keeps, then the request. */

const newline = 0x0a;

export class ModuleInput {
  readonly #chunks: AsyncIterator<Buffer>;
  #kept: Buffer = Buffer.alloc(0);

  constructor(input: AsyncIterable<Buffer>) {
    this.#chunks = input[Symbol.asyncIterator]();
  }

  /**
   * The first line, and no byte is looked at behind it.
   * @returns null when the input ends before the line does, or when the line is longer than that.
   */
  async readLine(maximumBytes: number): Promise<string | null> {
    for (;;) {
      const end = this.#kept.subarray(0, maximumBytes + 1).indexOf(newline);
      if (end >= 0) {
        const line = this.#kept.toString('utf8', 0, end);
        this.#kept = this.#kept.subarray(end + 1);
        return line;
      }
      if (this.#kept.length > maximumBytes) return null;
      const { done, value } = await this.#chunks.next();
      if (done === true) return null;
      this.#kept = Buffer.concat([this.#kept, value]);
    }
  }

  async readRest(): Promise<string> {
    const chunks = [this.#kept];
    for (let next = await this.#chunks.next(); next.done !== true; next = await this.#chunks.next())
      chunks.push(next.value);
    return Buffer.concat(chunks).toString('utf8');
  }
}
