/** One process, independent of the source that listed it; null means that the source cannot tell. */
import type { Executable, NativeFailure, ProcessFacts } from '../../../native/index.ts';

type EntryExecutable =
  | Exclude<Executable, { readonly kind: 'file' }>
  | {
      readonly kind: 'file';
      readonly path: Uint8Array;
      readonly isDeleted: boolean | null;
      readonly isMemory: boolean;
      readonly identity: string | null;
    };

export interface ProcessEntry {
  readonly pid: number;
  readonly isKernelThread: boolean;
  readonly parentPid: number;
  readonly name: Uint8Array;
  readonly arguments: readonly Uint8Array[];
  /** The command line is longer than what was read of it. */
  readonly isCommandCut: boolean;
  readonly executable: EntryExecutable;
  /** False when unknown. */
  readonly runsAgent: boolean;
  readonly user: string | null;
  /** A number; on Windows a SID. */
  readonly userId: string | null;
  readonly startSeconds: number | null;
  readonly startTicks: number | null;
  readonly capabilities: bigint | null;
  readonly container: string | null;
}

/** A source of processes. */
export interface ProcessSource {
  /** Limitations of the source, for the result's notes. */
  readonly notes: readonly string[];
  /** Ends early when the signal is set. */
  readonly entries: (signal: AbortSignal) => AsyncIterable<readonly (ProcessEntry | EntryFailure)[]>;
}

export interface EntryFailure {
  readonly kind: 'failed';
  readonly pid: number;
  readonly reason: NativeFailure['reason'];
}

export function isFailure(entry: ProcessEntry | EntryFailure): entry is EntryFailure {
  return 'kind' in entry;
}

/** `argv[0]\0argv[1]\0`, without NULs at the end; a process that sets its title leaves many. */
function splitArguments(command: Uint8Array): Uint8Array[] {
  let end = command.length;
  while (end > 0 && command[end - 1] === 0) end -= 1;
  if (end === 0) return [];
  const parts: Uint8Array[] = [];
  for (let start = 0; start <= end; ) {
    const next = command.indexOf(0, start);
    const stop = next === -1 || next > end ? end : next;
    parts.push(command.subarray(start, stop));
    start = stop + 1;
  }
  return parts;
}

function lastName(path: Uint8Array): Uint8Array {
  return path.subarray(path.lastIndexOf(0x2f) + 1);
}

/** The longest name of a process in the kernel. */
const longestName = 15;
/** The program and what may precede a script: options of the interpreter. */
const argumentsBeforeScript = 4;

/**
 * The kernel truncates names: the whole name is that of the executable, of the first argument or of a script, if it begins
 * with the truncated one.
 */
function wholeName(name: Uint8Array, candidates: readonly Uint8Array[]): Uint8Array {
  if (name.length < longestName) return name;
  const whole = candidates
    .map(lastName)
    .find((candidate) => Buffer.compare(candidate.subarray(0, longestName), name) === 0);
  return whole ?? name;
}

export function toEntry(facts: ProcessFacts): ProcessEntry {
  const list = splitArguments(facts.command);
  const paths = facts.executable.kind === 'file' ? [facts.executable.path] : [];
  return {
    pid: facts.pid,
    isKernelThread: facts.isKernelThread,
    parentPid: facts.parentPid,
    name: wholeName(facts.name, [...paths, ...list.slice(0, argumentsBeforeScript)]),
    arguments: list,
    isCommandCut: facts.isCommandCut,
    executable: facts.executable,
    runsAgent: facts.runsAgent,
    user: facts.user,
    userId: facts.userId,
    startSeconds: facts.startSeconds,
    startTicks: facts.startTicks,
    capabilities: facts.capabilities,
    container: facts.container,
  };
}
