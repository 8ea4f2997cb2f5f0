/** The short form of `npm run fuzz`: the same targets with a fixed seed, and all earlier findings. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readFindings } from './findings.ts';
import { fuzz } from './fuzz.ts';
import { fuzzTargets } from './targets.ts';

const executions = 100;

describe('what a stranger sends, made wrong', () => {
  for (const target of fuzzTargets)
    test(`${target.side}: ${target.name}: ${target.holds}`, async () => {
      const report = await fuzz(target, { executions, seed: 1, earlier: readFindings(target.name) });
      assert.deepEqual(
        report.findings.map(({ input, error }) => ({ input: input.toString('latin1').slice(0, 500), error })),
        [],
      );
      assert.ok(report.executions >= executions);
    });
});
