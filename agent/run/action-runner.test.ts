import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { CountedResult } from '../../modules/host/module-outcome.ts';
import { emptyReceipt } from '../../protocol/result/result.ts';
import { RefusingAgent } from '../testing/refusing-agent.ts';

const found: CountedResult = {
  result: {
    success: true,
    foundanything: true,
    elements: {},
    statistics: { totalhits: 1 },
    errors: [],
    receipt: emptyReceipt('cancelled'),
  },
  questions: 0,
};

describe('what a module found before its action was stopped', () => {
  const root = mkdtempSync(join(tmpdir(), 'mig-stopped-'));
  after(() => rmSync(root, { recursive: true, force: true }));

  for (const [how, isRevoked] of [
    ['by whoever cancels it: is reported', false],
    ['by a revocation after that: stays here', true],
  ] as const)
    test(how, async () => {
      const agent = await RefusingAgent.make(root);
      const cancellation = new AbortController();
      const revocation = new AbortController();
      const event = await agent.carryOut(
        async () => {
          cancellation.abort();
          if (isRevoked) revocation.abort();
          return found;
        },
        { signal: cancellation.signal, revocation: revocation.signal },
      );
      assert.equal(event?.kind, 'reported');
      assert.equal(event.foundanything, !isRevoked);
    });
});
