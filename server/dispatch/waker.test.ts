import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { Waker } from './waker.ts';

/** A waker whose looks end when told, and what came of them. */
function openWaker() {
  const begun: PromiseWithResolvers<number | null>[] = [];
  const failures: unknown[] = [];
  const waker = new Waker({
    look: () => {
      const look = Promise.withResolvers<number | null>();
      begun.push(look);
      return look.promise;
    },
    work: { failed: (error) => failures.push(error), worked: () => {} },
    courtesyMs: 500,
  });
  return { waker, begun, failures };
}

/** Lets everything run that waits for no timer. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('waking', () => {
  it('many calls during a look cost one more', async () => {
    const { waker, begun } = openWaker();
    for (let call = 0; call < 3; call += 1) waker.wake();
    assert.equal(begun.length, 1);
    for (let call = 0; call < 3; call += 1) waker.wake();
    begun[0]?.resolve(null);
    await settle();
    assert.equal(begun.length, 2);
    begun[1]?.resolve(null);
    await settle();
    assert.equal(begun.length, 2);
    await waker.close();
  });

  it('a call is heard in whichever moment of the end of a look it comes', async () => {
    for (let microtasks = 0; microtasks < 8; microtasks += 1) {
      const { waker, begun } = openWaker();
      waker.wake();
      begun[0]?.resolve(null);
      for (let step = 0; step < microtasks; step += 1) await null;
      waker.wake();
      await settle();
      assert.equal(begun.length, 2, `after ${microtasks} microtasks`);
      begun[1]?.resolve(null);
      await waker.close();
    }
  });

  it('a look follows after the time that the last one said, after a failure, and soon after wakeSoon', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { waker, begun, failures } = openWaker();
      waker.wakeSoon();
      waker.wakeSoon();
      mock.timers.tick(499);
      assert.equal(begun.length, 0);
      mock.timers.tick(1);
      assert.equal(begun.length, 1);
      begun[0]?.resolve(300);
      await settle();
      mock.timers.tick(300);
      assert.equal(begun.length, 2);
      const failure = new Error('the database is gone');
      begun[1]?.reject(failure);
      await settle();
      assert.deepEqual(failures, [failure]);
      mock.timers.tick(1000);
      assert.equal(begun.length, 3);
      begun[2]?.resolve(null);
      await waker.close();
    } finally {
      mock.timers.reset();
    }
  });

  it('ends when it is closed, with the look that is under way', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { waker, begun } = openWaker();
      waker.wakeSoon();
      waker.wake();
      let isClosed = false;
      const closing = waker.close().then(() => {
        isClosed = true;
      });
      await settle();
      assert.equal(isClosed, false);
      begun[0]?.resolve(10);
      await closing;
      waker.wake();
      waker.wakeSoon();
      mock.timers.tick(10_000);
      assert.equal(begun.length, 1);
    } finally {
      mock.timers.reset();
    }
  });
});
