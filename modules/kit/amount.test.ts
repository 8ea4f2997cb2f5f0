import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toSecondsText } from './amount.ts';

for (const [seconds, text] of [
  [0, '0s'],
  [59.9, '59s'],
  [60, '1m'],
  [61, '1m1s'],
  [7200, '2h'],
  [7201, '2h'],
  [1_479_600, '17d3h'],
] as const)
  it(`${seconds} seconds are ${text}`, () => assert.equal(toSecondsText(seconds), text));
