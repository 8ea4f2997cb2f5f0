/** What a process does with itself by the native engine, and the regular expressions of targets. */

import { CodedError } from '../protocol/base/coded-error.ts';
import type { Need } from '../protocol/environment/need.ts';
import { type ConfinementSupport, native } from './index.ts';

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

/** Gives back what only starting and working needed; as far as the system lets it. */
export function releaseIdleMemory(): void {
  native().releaseIdleMemory();
}

/** Takes from this process, for good, what is not among the needs. @throws CodedError confinement-failed */
export function confine(needs: readonly Need[], withheld: readonly string[]): void {
  native().confine({
    readsAllFiles: needs.includes('files'),
    readsProcesses: needs.includes('processes'),
    readsMappedFiles: needs.includes('mapped-files'),
    asksKernelTables: needs.includes('kernel-tables'),
    entersNamespaces: needs.includes('network-namespaces'),
    startsUnpackers: needs.includes('unpackers'),
    withheld,
  });
}

/**
 * From now on this thread and the processes that it starts have no io_uring: a module's event loop must not hold a ring that it
 * made before it was confined. @throws CodedError confinement-failed
 */
export function refuseRings(): void {
  native().refuseRings();
}

/** What this system offers to confine modules with. */
export function readConfinement(): ConfinementSupport {
  return native().readConfinement();
}

/** Bounds the memory of this process, for good. */
export function limitMemory(memoryMiB: number): void {
  native().limitMemory(memoryMiB);
}

/**
 * Holds a file of this user's alone until this process ends, however it ends.
 * @returns false when another process holds it. Undefined on Windows, which has no such locks.
 * @throws CodedError lock-failed
 */
export function lockFile(path: string): boolean | undefined {
  return native().lockFile?.(path);
}

/**
 * Tells Windows' service manager that this process is the service of that name and runs.
 * @param onStop is called when it asks the service to end.
 * @returns a function that tells it that the service has ended.
 * @throws CodedError service-unsupported, service-failed
 */
export function startService(name: string, onStop: () => void): () => void {
  const { startService: start } = native();
  if (start === undefined)
    throw new CodedError('service-unsupported', 'expected Windows, whose service manager starts this', {
      hint: 'start mig-agent without arguments',
    });
  return start(name, onStop);
}

/** Ends the processes that unpacked for this one; what they used of the processor, in milliseconds. */
export function stopUnpackers(): number {
  return native().stopUnpackers();
}
