/** What the addon offers about the memory of processes, as types. Addresses and what is in memory never come out of it. */
import type { Presence } from '../napi/presence.ts';
import type { NativeFailure, NativeTask } from '../napi/task.ts';

export interface MemoryNeedle {
  /** `bytes`: pairs of hex digits or `??`. `content`: RE2. */
  readonly kind: 'bytes' | 'content';
  readonly pattern: string;
  /** Index of the scope in which it is looked for. */
  readonly scope: number;
}

export interface MemoryScope {
  readonly fromAddress: number;
  /** Of resident memory from there on; 0 for no limit. */
  readonly maxBytes: number;
}

interface MemoryPlan {
  readonly scopes: readonly MemoryScope[];
  readonly needles: readonly MemoryNeedle[];
  /** Share of one core for the whole process. */
  readonly cpuPercent: number;
}

type MappingKind =
  | 'heap'
  | 'stack'
  | 'anonymous'
  | 'anonymous executable'
  | 'file'
  | 'executable file'
  | 'deleted file'
  | 'shared';

export interface MemoryFindings {
  /** One for each needle that is there, with the lowest place that was seen. */
  readonly hits: readonly { readonly needle: number; readonly mapping: MappingKind }[];
  readonly readBytes: number;
  /** Swapped out, so not looked at: reading would bring it back into memory. */
  readonly swappedBytes: number;
  /** Mapped from FUSE or a network, so not looked at: reading it may never end. */
  readonly remoteBytes: number;
  /** Went away while we looked, or the kernel refuses it. */
  readonly unreadBytes: number;
  /** What ended the search early; hits before that count. */
  readonly failure: NativeFailure | null;
}

export interface MappedFile {
  readonly path: Uint8Array;
  readonly isExecutable: boolean;
  /** Code comes from a file that has no name in any directory any more. */
  readonly isDeleted: boolean;
  /** Deleted, and another file of root's has its name now, or that of a later version: an update. */
  readonly isReplaced: boolean;
  readonly isOwnedByRoot: boolean;
}

/** Executable memory that no file stands behind. */
export interface AnonymousCode {
  /** By what it looks like: closures of libffi, regular expressions of PCRE. */
  readonly maker: 'unknown' | 'closures' | 'patterns';
  readonly bytes: number;
  readonly count: number;
  /** Any of it. */
  readonly isWritable: boolean;
}

export interface Mappings {
  readonly kind: 'mappings';
  /** Each file once. */
  readonly files: readonly MappedFile[];
  /** Each maker once. */
  readonly anonymousCode: readonly AnonymousCode[];
}

export interface Preloads {
  readonly kind: 'preloads';
  /** `LD_PRELOAD=…`, `LD_AUDIT=…`, on macOS `DYLD_INSERT_LIBRARIES=…`, that the process was started with. */
  readonly variables: readonly Uint8Array[];
  /** Libraries that a list of the system names for every process. */
  readonly files: readonly Uint8Array[];
  /** Which list: that of the process's root directory on Linux, of the registry on Windows. */
  readonly source: string;
  /** The same text for the same list. */
  readonly fileIdentity: string;
}

interface AlteredFile {
  readonly path: Uint8Array;
  readonly pages: number;
  /** As a debugger sets them, and the kernel for probes (perf, eBPF). Of x86 only. */
  readonly hasBreakpointsOnly: boolean;
}

export interface AlteredText {
  readonly kind: 'altered';
  /** Files whose code in memory is not that on disk. */
  readonly files: readonly AlteredFile[];
  /** Pages that were written to but whose file cannot be read. */
  readonly uncomparedPages: number;
  /** Code that was mapped from FUSE or a network, and was not looked at. */
  readonly remoteMappings: number;
}

type OfProcess<Result> = (pid: number, startTicks: number) => NativeTask<Result | NativeFailure>;

export interface MemoryReader {
  readonly mappings: OfProcess<Mappings>;
  readonly preloads: OfProcess<Preloads>;
  readonly alteredText: OfProcess<AlteredText>;
  /** Reads what is in memory only. @param needles indexes of those to look for */
  readonly search: (pid: number, startTicks: number, needles: readonly number[]) => NativeTask<MemoryFindings>;
}

export interface MemoryFunctions {
  /** @throws CodedError<NativeCode> bad-plan */
  readonly openMemoryReader: (plan: MemoryPlan) => MemoryReader;
}

export const memoryPresence: Presence<MemoryFunctions> = { openMemoryReader: 'always' };
