/** Which processes run an agent, of whatever environment and name: its memory holds its key, as its executable holds a password. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { hasAgentMark, markedBytes } from '../../protocol/executable-mark.ts';
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

export class AgentProcesses {
  readonly #known = new Map<string, boolean>();

  has({ pid, executable }: ProcessEntry): boolean {
    if (executable.kind !== 'file') return false;
    const identity = executable.identity ?? `pid ${pid}`;
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const isAgent = readsAsAgent(process.platform === 'linux' ? `/proc/${pid}/exe` : executable.path);
    this.#known.set(identity, isAgent);
    return isAgent;
  }
}
