/** A process as rules know it: by its executable, by what it has mapped, and by whether it runs an agent, whose memory holds its key. */
import type { Subject } from '../gate.ts';
import type { ProcessEntry } from './process-entry.ts';

/** @param mapped paths of the files that it has mapped. */
export function toSubject({ executable, runsAgent }: ProcessEntry, mapped: readonly Uint8Array[] = []): Subject {
  const paths = [...(executable.kind === 'file' ? [executable.path] : []), ...mapped];
  return { paths: paths.map((path) => Buffer.from(path).toString('utf8')), runsAgent };
}
