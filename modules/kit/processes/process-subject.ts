/**
 * A process as a subject of rules: its executable, its mapped files, and whether it runs an agent, whose key is in its
 * memory.
 */
import type { Subject } from '../gate.ts';
import type { ProcessEntry } from './process-entry.ts';

/** @param mapped paths of its mapped files. */
export function toSubject({ executable, runsAgent }: ProcessEntry, mapped: readonly Uint8Array[] = []): Subject {
  const paths = [...(executable.kind === 'file' ? [executable.path] : []), ...mapped];
  return { paths: paths.map((path) => Buffer.from(path).toString('utf8')), runsAgent };
}
