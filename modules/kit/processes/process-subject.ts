/** A process as rules know it: by its executable, by what it has mapped, and by whether it runs an agent, whose memory holds its key. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { hasAgentMark, markedBytes } from '../../../protocol/environment/executable-mark.ts';
import type { Subject } from '../gate.ts';
import type { ProcessEntry } from './process-entry.ts';

function readsAsAgent(path: string | Uint8Array): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(Buffer.from(path), 'r');
  } catch {
    return false;
  }
  try {
    // Anybody can mark a program of their own, which must not hide it.
    const isTrusted = [0, process.geteuid?.() ?? 0].includes(fstatSync(descriptor).uid);
    const head = Buffer.alloc(markedBytes);
    return isTrusted && hasAgentMark(head.subarray(0, readSync(descriptor, head)));
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}

const known = new Map<string, boolean>();

/** Whether a process runs an agent: remembered by the executable, for this process asks one question only. */
function runsAgent({ pid, executable }: ProcessEntry): boolean {
  if (executable.kind !== 'file') return false;
  const identity = executable.identity ?? `pid ${pid}`;
  const before = known.get(identity);
  if (before !== undefined) return before;
  const isAgent = readsAsAgent(process.platform === 'linux' ? `/proc/${pid}/exe` : executable.path);
  known.set(identity, isAgent);
  return isAgent;
}

/** @param mapped paths of the files that it has mapped. */
export function toSubject(entry: ProcessEntry, mapped: readonly Uint8Array[] = []): Subject {
  const { executable } = entry;
  const paths = [...(executable.kind === 'file' ? [executable.path] : []), ...mapped];
  return { paths: paths.map((path) => Buffer.from(path).toString('utf8')), runsAgent: () => runsAgent(entry) };
}
