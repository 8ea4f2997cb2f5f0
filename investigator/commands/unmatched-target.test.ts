import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgentRecord } from '../../protocol/api/api.ts';
import { evaluateTarget } from '../../protocol/target/evaluate.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import { findUnmatched } from './unmatched-target.ts';

const agents = ['web1', 'db1'].map((name, index) =>
  AgentRecord.parse({
    id: String(index).repeat(64),
    name,
    queueloc: `linux.${name}`,
    mode: 'daemon',
    version: '0.1.0',
    environment: { os: 'linux', arch: 'x64' },
    tags: { team: name.slice(0, -1) },
    status: 'online',
    starttime: '2026-01-31T07:00:00Z',
    heartbeattime: '2026-01-31T07:00:00Z',
    clones: [],
  }),
);

function fits(target: string, agent: AgentRecord): boolean {
  const relayTime = { earliestMs: 0, latestMs: 0 };
  return (
    evaluateTarget(parseTarget(target), { ...agent, relayTime }, (pattern, _, text) =>
      new RegExp(pattern).test(text),
    ) === true
  );
}

let asked = 0;
const relay = {
  async countAgents(target: string): Promise<number> {
    asked += 1;
    return agents.filter((agent) => fits(target, agent)).length;
  },
  async *listAgents(): AsyncGenerator<AgentRecord> {
    yield* agents;
  },
};

describe('what of a target fits no agent is named', () => {
  for (const [target, expected] of [
    ["tags->>'taem' = 'web'", ["no agent has tags->>'taem'; did you mean team?"]],
    ["tags->>'team' = 'wbe'", ["no agent has tags->>'team' = 'wbe'; did you mean web?"]],
    ["environment->>'os' = 'plan9'", ["no agent has environment->>'os' = 'plan9'; there are linux"]],
    [
      "environment->>'os' = 'linux' OR tags->>'team' = 'wbe'",
      ["no agent has tags->>'team' = 'wbe'; did you mean web?"],
    ],
    ["NOT tags->>'taem' = 'web'", ["no agent has tags->>'taem'; did you mean team?"]],
    ["name IN ('web1', 'web9')", ["no agent has name = 'web9'; did you mean web1?"]],
    ["queueloc LIKE 'windows.%'", ["no agent has queueloc LIKE 'windows.%'"]],
    ["name ~ '^mail'", ["no agent has name ~ '^mail'"]],
    ["environment->>'arch' = 'amd64'", []],
    ["environment->>'arch' = 's390x'", ["no agent has environment->>'arch' = 's390x'; there are x64"]],
    ["tags->>'team' = 'web' AND name <> 'web1'", []],
    ["status = 'offline'", []],
  ] as const)
    it(target, async () => assert.deepEqual(await findUnmatched(relay, target, 'production'), expected));

  it('nothing is asked about a target without conditions', async () => {
    asked = 0;
    assert.deepEqual(await findUnmatched(relay, 'all', 'production'), []);
    assert.equal(asked, 0);
  });
});
