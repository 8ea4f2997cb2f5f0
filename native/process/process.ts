/** What the addon offers about the process that it is in, as types. */
import type { Presence } from '../napi/presence.ts';

export interface ProcessFunctions {
  /** Lowest priority for CPU and disk, for good. @throws CodedError<NativeCode> limit-failed */
  readonly lowerPriority: () => void;
  /** This process ends when its parent has ended, however it ended. @throws CodedError<NativeCode> limit-failed */
  readonly endWithParent: () => void;
  /** Bounds the private writable memory of this process and forbids core files, for good. @throws CodedError<NativeCode> limit-failed */
  readonly limitMemory: (memoryMiB: number) => void;
  /** Gives back what only starting needed: free heap and, but for macOS, the pages of the executable, which stay in the page cache. */
  readonly releaseIdleMemory: () => void;
  /** See `lockFile` in own-process.ts. Not Windows. @throws CodedError<NativeCode> lock-failed */
  readonly lockFile?: (path: string) => boolean;
}

export const processPresence: Presence<ProcessFunctions> = {
  lowerPriority: 'always',
  endWithParent: 'always',
  limitMemory: 'always',
  releaseIdleMemory: 'always',
  lockFile: 'sometimes',
};
