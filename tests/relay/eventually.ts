/** Waiting for what no event tells. */
import assert from 'node:assert/strict';

/** Asks again and again until it is true; fails after `timeoutMs`. */
export async function eventually(isTrue: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadlineMs)
      throw new assert.AssertionError({ message: `expected it to become true within ${timeoutMs} ms` });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
