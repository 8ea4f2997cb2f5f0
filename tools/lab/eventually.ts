/** Waits for conditions without an event. */
import assert from 'node:assert/strict';

/**
 * Checks until it is true; fails after `timeoutMs`.
 * @param what is waited for, in the message; a function where that is known at the end only.
 */
export async function eventually(
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
  what: string | (() => string) = 'it to become true',
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadlineMs) {
      const awaited = typeof what === 'string' ? what : what();
      throw new assert.AssertionError({ message: `expected ${awaited} within ${timeoutMs} ms` });
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
