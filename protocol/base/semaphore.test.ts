import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Semaphore } from './semaphore.ts';

it('runs as many as there are places, the others in order, and lets go who does not wait any more', async () => {
  const semaphore = new Semaphore(1);
  const begun: string[] = [];
  const first = Promise.withResolvers<void>();
  const work = (name: string, until?: Promise<void>) => async () => {
    begun.push(name);
    await until;
    return name;
  };
  const leaving = new AbortController();
  const works = [
    semaphore.run(work('first', first.promise)),
    semaphore.runUnlessAborted(work('second'), leaving.signal),
    semaphore.runUnlessAborted(work('third'), new AbortController().signal),
    semaphore.run(work('fourth')),
  ];
  leaving.abort();
  assert.equal(await works[1], null);
  assert.deepEqual(begun, ['first']);
  first.resolve();
  assert.deepEqual(await Promise.all(works), ['first', null, 'third', 'fourth']);
  assert.deepEqual(begun, ['first', 'third', 'fourth']);
});

it('gives the place on when a work fails', async () => {
  const semaphore = new Semaphore(1);
  await assert.rejects(semaphore.run(() => Promise.reject(new Error('no'))));
  assert.equal(await semaphore.run(async () => 'next'), 'next');
});
