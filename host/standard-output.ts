/** Standard output and standard error with every write checked: a full disk or a closed pipe never looks like success. */
import { writeSync } from 'node:fs';
import { pause } from './pause.ts';

/** Exit code of a program that could not print all of its answer. */
export const couldNotPrint = 4;
/** Exit code of a program whose reader has gone: 128 + SIGPIPE, as a shell shows it. */
export const readerGone = 141;

/** Between two attempts to write into a pipe that is full and does not block. */
const fullPipePauseMs = 2;

/** @returns how many bytes were written. */
function writeSome(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    pause(fullPipePauseMs);
    return 0;
  }
}

/**
 * Writes before it returns, and waits for a slow reader. Node's own stream for files takes a short write, as on a full disk,
 * for a whole one.
 */
export class CheckedOutput {
  readonly #descriptor: 1 | 2;
  readonly #onFailure: (error: NodeJS.ErrnoException) => void;
  #hasFailed = false;

  /** @param onFailure is called once; what is written afterwards is dropped. */
  constructor(descriptor: 1 | 2, onFailure: (error: NodeJS.ErrnoException) => void = () => {}) {
    this.#descriptor = descriptor;
    this.#onFailure = onFailure;
  }

  write(content: string | Uint8Array): void {
    if (this.#hasFailed) return;
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    try {
      for (let written = 0; written < bytes.length; ) written += writeSome(this.#descriptor, bytes.subarray(written));
    } catch (error) {
      this.#hasFailed = true;
      this.#onFailure(error as NodeJS.ErrnoException);
    }
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }
}

/**
 * Standard output of a program that ends when it cannot be written: nothing that comes later can be printed either.
 * @param toHint what to do about it, asked when that happens.
 */
export function openStandardOutput(toHint: () => string | undefined = () => undefined): CheckedOutput {
  return new CheckedOutput(1, (error) => {
    if (error.code === 'EPIPE') process.exit(readerGone);
    const hint = toHint();
    const more = hint === undefined ? '' : `hint: ${hint}\n`;
    new CheckedOutput(2).write(`error: the answer could not be printed: ${error.message}\n${more}`);
    process.exit(couldNotPrint);
  });
}
