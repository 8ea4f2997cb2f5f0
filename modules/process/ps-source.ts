/** Processes from `ps` (on Windows from a helper program) by ps-list, where the native reader is not permitted. */
import { platform } from 'node:os';
import type { ProcessDescriptor } from 'ps-list';
import type { NativeCode } from '../../native/index.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { ProcessEntry, ProcessSource } from '../kit/processes/process-entry.ts';

function toEntry({ pid, ppid, name, cmd, path, uid, startTime }: ProcessDescriptor): ProcessEntry {
  return {
    pid,
    isKernelThread: false,
    parentPid: ppid,
    name: Buffer.from(name),
    // ps joins all arguments: blanks within one look the same as those between them.
    arguments: (cmd ?? '').split(' ').map((part) => Buffer.from(part)),
    isCommandCut: false,
    executable:
      path === undefined || path === ''
        ? { kind: 'hidden' }
        : { kind: 'file', path: Buffer.from(path), isDeleted: null, isMemory: false, identity: null },
    // This source reads nothing of a process.
    runsAgent: false,
    user: uid === undefined ? null : String(uid),
    userId: uid === undefined ? null : String(uid),
    startSeconds: startTime === undefined ? null : startTime.getTime() / 1000,
    startTicks: null,
    capabilities: null,
    container: null,
  };
}

function refuse(cause: unknown): never {
  const message = `expected processes from the system or from ps, got neither: ${toMessage(cause).trim()}`;
  throw new CodedError<NativeCode>('proc-unreadable', message, { cause });
}

/** @throws CodedError<NativeCode> proc-unreadable, also from its entries, when ps is missing or fails */
export function psSource(): ProcessSource {
  return {
    notes: [
      `this agent reads processes with ps on ${platform()}: digests, deleted executables, ports and containers are not known`,
    ],
    async *entries(signal) {
      // Imported here only: with a native reader it is never loaded.
      const { default: psList } = await import('ps-list');
      if (!signal.aborted) yield (await psList().catch(refuse)).map(toEntry);
    },
  };
}
