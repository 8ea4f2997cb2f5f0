/** A file of JSON lines that only grows: each is on the disk before `append` returns, one that is torn is dropped. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from '../../host/replace-file.ts';
import { writeAll } from './durable-file.ts';

const newline = 0x0a;

/** The whole lines of a log; what follows the last newline was cut off by a crash and was never acknowledged. */
export function readLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const lines = bytes
    .subarray(0, bytes.lastIndexOf(newline) + 1)
    .toString('utf8')
    .split('\n');
  lines.pop();
  return lines;
}

export class AppendLog {
  readonly #path: string;
  readonly #descriptor: number;
  #sizeBytes: number;
  #isTorn = false;

  private constructor(path: string, descriptor: number, sizeBytes: number) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#sizeBytes = sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  static open(path: string): AppendLog {
    const isNew = !existsSync(path);
    const whole = isNew ? 0 : readFileSync(path).lastIndexOf(newline) + 1;
    // Before it is opened to append: Windows does not let such a descriptor truncate.
    if (!isNew) truncateSync(path, whole);
    const descriptor = openSync(path, 'a', 0o600);
    if (isNew) syncDirectory(dirname(path));
    return new AppendLog(path, descriptor, whole);
  }

  /** An entry for which this throws is not in the log, or torn. The next call or start removes a torn one. */
  append(value: unknown): void {
    const line = Buffer.from(`${JSON.stringify(value)}\n`, 'utf8');
    if (this.#isTorn) truncateSync(this.#path, this.#sizeBytes);
    this.#isTorn = true;
    writeAll(this.#descriptor, line);
    fsyncSync(this.#descriptor);
    this.#sizeBytes += line.length;
    this.#isTorn = false;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
