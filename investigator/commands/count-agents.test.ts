import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordConsole } from '../testing/recorded-console.ts';
import { countSome } from './count-agents.ts';

/** A relay of one agent, of the environment `production`, that no target fits. */
const relay = {
  countAgents: async (target: string, fleet?: string) => (target === 'all' && fleet === 'production' ? 1 : 0),
  async *listAgents() {},
};

describe('a question that reaches somebody', () => {
  for (const [target, requests] of [
    ["name = 'web1' AND environment->>'os' = 'linux' AND status = 'online'", 1],
    ["name = 'web1' OR name = 'web2'", 3],
    ["NOT name = 'web1'", 2],
    ["name IN ('web1', 'web2')", 3],
  ] as const)
    it(`asks the relay ${requests} times: ${target}`, async () => {
      const asked: string[] = [];
      const counting = {
        countAgents: async (one: string) => asked.push(one),
        async *listAgents() {},
      };
      assert.ok((await countSome(counting, target, 'production', recordConsole())) > 0);
      assert.equal(asked.length, requests);
    });
});

describe('a question that reaches nobody', () => {
  for (const [fleet, hint] of [
    ['production', /^mig agents -t all lists those that there are$/],
    ['prod', /^no agent here is of the environment prod: MIG_FLEET/],
  ] as const)
    it(`says where to look when the environment is ${fleet}`, () =>
      assert.rejects(
        countSome(relay, 'online', fleet, recordConsole()),
        (error: Error & { code: string; hint: string }) => {
          assert.equal(error.code, 'no-agents');
          assert.match(error.hint, hint);
          return true;
        },
      ));
});
