import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, toDuration } from './duration.ts';

for (const [text, seconds] of [
  ['90s', 90],
  ['5m', 300],
  ['1d12h', 129_600],
  ['1w', 604_800],
  ['2w1d', 1_296_000],
] as const)
  test(`${text} is a duration`, () => assert.equal(parseDuration(text), seconds * 1000));

for (const text of ['', '5', 'm', '5 m', '1y', '0s', '400d', '53w', '-1h', '5m!', `${'9'.repeat(400)}d`])
  test(`${JSON.stringify(text.slice(0, 10))} is refused`, () =>
    assert.throws(() => parseDuration(text), { code: 'usage' }));

test('a duration is written in its largest units', () => {
  for (const text of ['5m', '1d12h', '7d', '1h1s']) assert.equal(toDuration(parseDuration(text)), text);
  assert.equal(toDuration(0), '0s');
});
