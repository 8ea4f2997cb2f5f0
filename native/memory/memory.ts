/** Types of the addon's functions on process memory. Addresses and memory content never leave the addon. */
import type { Presence } from '../napi/presence.ts';
import type { NativeFailure, NativeTask } from '../napi/task.ts';

export interface MemoryNeedle {
  /** `bytes`: pairs of hex digits or `??`. `content`: RE2. */
  readonly kind: 'bytes' | 'content';
  readonly pattern: string;
  /** Index of the scope of the search. */
  readonly scope: number;
}

export interface MemoryScope {
  readonly fromAddress: number;
  /** Of resident memory from `fromAddress`; 0 for no limit. */
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
  /** One for each needle found, with the mapping of its lowest occurrence. */
  readonly hits: readonly { readonly needle: number; readonly mapping: MappingKind }[];
  readonly readBytes: number;
  /** Swapped out, therefore not read: reading would bring it back into memory. */
  readonly swappedBytes: number;
  /** Mapped from FUSE or a network, therefore not read: reading may block for ever. */
  readonly remoteBytes: number;
  /** Resident, and refused by the kernel. */
  readonly unreadBytes: number;
  /** There are more mappings than are read. */
  readonly isCut: boolean;
  /** The error that ended the search early; earlier hits count. */
  readonly failure: NativeFailure | null;
}

export interface MappedFile {
  readonly path: Uint8Array;
  readonly isExecutable: boolean;
  /** The mapped file has no name in any directory. */
  readonly isDeleted: boolean;
  /** Deleted, and another file of root's has its name or a later version of it: an update. */
  readonly isReplaced: boolean;
  readonly isOwnedByRoot: boolean;
}

/** Executable memory without a file. */
export interface AnonymousCode {
  /** Recognized by its first page: closures of libffi, regular expressions of PCRE. */
  readonly maker: 'unknown' | 'closures' | 'patterns';
  readonly bytes: number;
  readonly count: number;
  /** Whether any of it is writable. */
  readonly isWritable: boolean;
}

export interface Mappings {
  readonly kind: 'mappings';
  /** Each file once. */
  readonly files: readonly MappedFile[];
  /** Each maker once. */
  readonly anonymousCode: readonly AnonymousCode[];
  /** There are more mappings than are read. */
  readonly isCut: boolean;
}

export interface Preloads {
  readonly kind: 'preloads';
  /** `LD_PRELOAD=…`, `LD_AUDIT=…`, on macOS `DYLD_INSERT_LIBRARIES=…`, from the environment at the process's start. */
  readonly variables: readonly Uint8Array[];
  /** Libraries that a system list adds to every process. */
  readonly files: readonly Uint8Array[];
  /** The list: of the process's root directory on Linux, of the registry on Windows. */
  readonly source: string;
  /** Equal for the same list. */
  readonly fileIdentity: string;
  /** The environment or the list was not read to its end. */
  readonly isCut: boolean;
}

interface AlteredFile {
  readonly path: Uint8Array;
  readonly pages: number;
  /** Breakpoints of a debugger, or of the kernel's probes (perf, eBPF). x86 only. */
  readonly hasBreakpointsOnly: boolean;
}

export interface AlteredText {
  readonly kind: 'altered';
  /** Files whose code in memory differs from the disk. */
  readonly files: readonly AlteredFile[];
  /** Modified pages whose file cannot be read. */
  readonly uncomparedPages: number;
  /** Code mapped from FUSE or a network, which was not read. */
  readonly remoteMappings: number;
  /** There are more changed pages, or mappings, than are read. */
  readonly isCut: boolean;
}

type OfProcess<Result> = (pid: number, startTicks: number) => NativeTask<Result | NativeFailure>;

export interface MemoryReader {
  readonly mappings: OfProcess<Mappings>;
  readonly preloads: OfProcess<Preloads>;
  readonly alteredText: OfProcess<AlteredText>;
  /** Reads resident memory only. @param needles indexes of the needles to look for */
  readonly search: (pid: number, startTicks: number, needles: readonly number[]) => NativeTask<MemoryFindings>;
}

export interface MemoryFunctions {
  /** @throws CodedError<NativeCode> bad-plan */
  readonly openMemoryReader: (plan: MemoryPlan) => MemoryReader;
  /** Why memory cannot be searched for the pattern beside so many others; null when it can. */
  readonly refuseMemoryPattern: (pattern: string, count: number) => string | null;
}

export const memoryPresence: Presence<MemoryFunctions> = {
  openMemoryReader: 'always',
  refuseMemoryPattern: 'always',
};
