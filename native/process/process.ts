/** Types of the addon's functions on its own process. */
import type { Presence } from '../napi/presence.ts';

export interface ProcessFunctions {
  /** Lowest priority for CPU and disk, for good. @throws CodedError<NativeCode> limit-failed */
  readonly lowerPriority: () => void;
  /** Ends this process when its parent ends, for whatever reason. @throws CodedError<NativeCode> limit-failed */
  readonly endWithParent: () => void;
  /**
   * Limits the private writable memory of this process and forbids core files, for good. @throws CodedError<NativeCode>
   * limit-failed
   */
  readonly limitMemory: (memoryMiB: number) => void;
  /**
   * Releases memory that only the start needed: free heap and, except on macOS, pages of the executable, which stay in
   * the page cache.
   */
  readonly releaseIdleMemory: () => void;
  /** See `lockFile` in own-process.ts. Missing on Windows. @throws CodedError<NativeCode> lock-failed */
  readonly lockFile?: (path: string) => boolean;
}

export const processPresence: Presence<ProcessFunctions> = {
  lowerPriority: 'always',
  endWithParent: 'always',
  limitMemory: 'always',
  releaseIdleMemory: 'always',
  lockFile: 'sometimes',
};
