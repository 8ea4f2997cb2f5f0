import assert from 'node:assert/strict';
import { it } from 'node:test';
import { untilIdle } from './idle.ts';

/** The process could not end while one is left. */
function countTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

it('is over when the page was not used for long, and leaves no timer behind', async () => {
  const before = countTimers();
  const waiting = untilIdle({ lastUsedMs: () => 0, idleMs: 1, checkMs: 1 }, new AbortController().signal);
  assert.equal(countTimers(), before + 1);
  await waiting;
  assert.equal(countTimers(), before);
});

it('goes on while the page is used, and is over with Ctrl-C', async () => {
  const before = countTimers();
  const ending = new AbortController();
  let asked = 0;
  const lastUsedMs = (): number => {
    asked += 1;
    if (asked === 5) ending.abort();
    return Date.now();
  };
  await untilIdle({ lastUsedMs, idleMs: 60_000, checkMs: 1 }, ending.signal);
  assert.equal(asked, 5);
  assert.equal(countTimers(), before);
  await untilIdle({ lastUsedMs, idleMs: 60_000, checkMs: 1 }, ending.signal);
});
