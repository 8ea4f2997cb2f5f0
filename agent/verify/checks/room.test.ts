import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRoom, maximumPerPerson, maximumRunning } from './room.ts';

const actionsOf = (count: number, people: readonly string[]) =>
  Array.from({ length: count }, (_, index) => [people[index % people.length] ?? '']);

test('nobody fills the agent alone, and everybody together leaves room for trust lists', () => {
  assert.doesNotThrow(() => assertRoom(null, ['alice'], actionsOf(maximumPerPerson - 1, ['alice'])));
  assert.throws(() => assertRoom(null, ['alice'], actionsOf(maximumPerPerson, ['alice'])), { code: 'busy' });
  const people = Array.from({ length: 50 }, (_, index) => `person ${index}`);
  assert.doesNotThrow(() => assertRoom(null, ['alice'], actionsOf(maximumRunning - 1, people)));
  assert.throws(() => assertRoom(null, ['alice'], actionsOf(maximumRunning, people)), { code: 'busy' });
});
