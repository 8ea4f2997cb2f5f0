import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProgress } from './progress-line.ts';

test('tells how much is done, what is done now, and how long the rest takes', () => {
  assert.equal(
    formatProgress(0.25, 'compile native-scan (3 of 12)', 10_000, 100),
    '[######..................]  25 %  about 30 s left  compile native-scan (3 of 12)',
  );
});

test('does not guess how long it takes when it has only begun', () => {
  assert.equal(formatProgress(0, 'compile', 0, 100), '[........................]   0 %  compile');
});

test('fits the terminal', () => {
  assert.equal(formatProgress(0.5, 'x'.repeat(200), 1000, 40).length, 39);
});
