/** What the agent itself uses of the native engine, which only modules may import. */
import { native } from '../../native/index.ts';

/** For the target language: RE2, so linear time whatever the pattern. @throws CodedError `bad-pattern` */
export function matchRegex(pattern: string, caseInsensitive: boolean, text: string): boolean {
  return native().re2Test(pattern, caseInsensitive, text);
}

/** Lowest priority for CPU and disk, for good. */
export function lowerPriority(): void {
  native().lowerPriority();
}

/** The kernel ends this process when the agent that started it has ended, however it ended. */
export function endWithParent(): void {
  native().endWithParent();
}

/** Gives back what only starting and working needed; where the engine cannot, nothing happens. */
export function releaseIdleMemory(): void {
  native().releaseIdleMemory?.();
}

/** Bounds the memory of this process, for good. */
export function limitMemory(memoryMiB: number): void {
  native().limitMemory(memoryMiB);
}
