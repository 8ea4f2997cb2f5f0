/** Waits for conditions without an event. */
import assert from 'node:assert/strict';

/** Checks until it is true; fails after `timeoutMs`. @param what is waited for, in the message. */
export async function eventually(
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
  what = 'it to become true',
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadlineMs)
      throw new assert.AssertionError({ message: `expected ${what} within ${timeoutMs} ms` });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
