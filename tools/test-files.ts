/** Runs test files, several in parallel, and names the slowest. */
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { CodedError } from '../protocol/base/coded-error.ts';
import { projectRoot } from './lab/lab.ts';

export interface FileTime {
  /** Relative to the repository. */
  readonly file: string;
  readonly seconds: number;
}

/**
 * Runs each file in a process of its own, started in the given order.
 * @param concurrency how many beside each other.
 * @throws CodedError test-failed, when all have been run.
 */
export async function runTestFiles(files: readonly string[], concurrency: number): Promise<FileTime[]> {
  const times: FileTime[] = [];
  let success = false;
  const stream = run({ files: files.map((file) => join(projectRoot, file)), concurrency });
  stream.on('test:complete', ({ name, file, details }) => {
    // The file itself is a test that has its path as name.
    if (name === file)
      times.push({ file: file.slice(projectRoot.length + 1), seconds: (details.duration_ms ?? 0) / 1000 });
  });
  stream.on('test:summary', (summary) => {
    if (summary.file === undefined) success = summary.success;
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
  if (!success || times.length < files.length)
    throw new CodedError('test-failed', `expected ${files.length} files of tests to pass, see above`);
  return times;
}

/** The slowest files, and the total of all. */
export function describeSlowest(times: readonly FileTime[], count: number): string {
  const slowest = [...times].sort((left, right) => right.seconds - left.seconds).slice(0, count);
  const total = times.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    `${times.length} files took ${total.toFixed(0)} s together; the longest:`,
    ...slowest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`),
  ].join('\n');
}
