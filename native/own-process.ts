/**
 * Limits, confinement and service control of this process by the native engine, and the regular expressions of targets.
 */

import { CodedError } from '../protocol/base/coded-error.ts';
import type { Need } from '../protocol/environment/need.ts';
import { type ConfinementSupport, native } from './index.ts';

/** Matches patterns of the target language with RE2, in linear time. @throws CodedError `bad-pattern` */
export function matchRegex(pattern: string, caseInsensitive: boolean, text: string): boolean {
  return native().re2Test(pattern, caseInsensitive, text);
}

/** Sets the lowest priority for CPU and disk, for good. */
export function lowerPriority(): void {
  native().lowerPriority();
}

/** Makes the kernel end this process when the agent that started it ends, for whatever reason. */
export function endWithParent(): void {
  native().endWithParent();
}

/** Releases memory that only the start and past work needed, if the system allows it. */
export function releaseIdleMemory(): void {
  native().releaseIdleMemory();
}

/** Removes all rights but the needs from this process, for good. @throws CodedError confinement-failed */
export function confine(needs: readonly Need[], withheld: readonly string[]): void {
  native().confine({
    readsAllFiles: needs.includes('files'),
    readsProcesses: needs.includes('processes'),
    readsMappedFiles: needs.includes('mapped-files'),
    asksKernelTables: needs.includes('kernel-tables'),
    entersNamespaces: needs.includes('network-namespaces'),
    readsClock: needs.includes('clock'),
    startsUnpackers: needs.includes('unpackers'),
    withheld,
  });
}

/**
 * Hides io_uring from this thread and the processes that it starts. Otherwise a module's event loop would hold a ring
 * that it made before its confinement.
 * @throws CodedError confinement-failed
 */
export function refuseRings(): void {
  native().refuseRings();
}

/** The confinement mechanisms of this system. */
export function readConfinement(): ConfinementSupport {
  return native().readConfinement();
}

/** Limits the memory of this process, for good. */
export function limitMemory(memoryMiB: number): void {
  native().limitMemory(memoryMiB);
}

/**
 * Holds a private file of this user until this process ends, for whatever reason.
 * @returns false when another process holds it. Undefined on Windows, which has no such locks.
 * @throws CodedError lock-failed
 */
export function lockFile(path: string): boolean | undefined {
  return native().lockFile?.(path);
}

/**
 * Reports to Windows' service manager that this process is the service of that name and runs.
 * @param onStop is called when the service manager asks the service to stop.
 * @returns a function that reports the service's end.
 * @throws CodedError service-unsupported, service-failed
 */
export function startService(name: string, onStop: () => void): () => void {
  const { startService: start } = native();
  if (start === undefined)
    throw new CodedError('service-unsupported', 'expected to be started by the service manager of Windows', {
      hint: 'start mig-agent without arguments',
    });
  return start(name, onStop);
}

/** Ends this process's unpackers; returns their CPU time in milliseconds. */
export function stopUnpackers(): number {
  return native().stopUnpackers();
}
