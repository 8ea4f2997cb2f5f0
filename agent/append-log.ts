/** A file of JSON lines that only grows: each line is on the disk before `append` returns, a torn last line is dropped. */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory, writeAll } from './durable-file.ts';

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
  readonly #descriptor: number;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  static open(path: string): AppendLog {
    const isNew = !existsSync(path);
    const whole = isNew ? 0 : readFileSync(path).lastIndexOf(newline) + 1;
    const descriptor = openSync(path, 'a', 0o600);
    ftruncateSync(descriptor, whole);
    if (isNew) syncDirectory(dirname(path));
    return new AppendLog(descriptor);
  }

  append(value: unknown): void {
    writeAll(this.#descriptor, Buffer.from(`${JSON.stringify(value)}\n`, 'utf8'));
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
