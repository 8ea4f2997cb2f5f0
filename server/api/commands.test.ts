/** Naming the agents that an action went to. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CommandsResponse, Problem } from '../../protocol/api/api.ts';
import { describeRelay } from '../../tests/relay/relay-suite.ts';
import { eventually } from '../../tools/lab/eventually.ts';
import { SimulatedAgent } from '../../tools/lab/simulated-agent.ts';

await describeRelay('the commands of an action', (relay) => {
  const { alice } = relay;
  const agents = ['web1', 'web2', 'web3'].map((name) => new SimulatedAgent({ name, tags: { team: 'listed' } }));
  const target = "tags->>'team' = 'listed'";

  before(async () => {
    await relay.start();
    for (const agent of agents) {
      await relay.connect(agent);
      await agent.sendHeartbeat();
    }
    await eventually(async () => (await relay.agents.count(target)) === 3);
  });

  async function list(path: string) {
    return CommandsResponse.parse((await alice.call('GET', path)).body);
  }

  test('are listed by agent, page by page, and those that have answered can be left out', async () => {
    const { id } = await alice.submit({ target });
    const first = agents[0] ?? assert.fail();
    const { command, acknowledge } = await first.waitForCommand(0);
    await first.sendResult(command);
    acknowledge();
    await eventually(async () => (await list(`/actions/${id}/commands?unreported=true`)).commands.length === 2);
    const all = await list(`/actions/${id}/commands`);
    const named = all.commands.map(({ agent, name }) => ({ agent, name }));
    const expected = agents
      .map(({ id: agent, facts }) => ({ agent, name: facts.name }))
      .sort((left, right) => (left.agent < right.agent ? -1 : 1));
    assert.deepEqual(named, expected);
    assert.equal(all.next, null);
    const page = await list(`/actions/${id}/commands?limit=2`);
    assert.equal(page.next, expected[1]?.agent);
    const rest = await list(`/actions/${id}/commands?limit=2&after=${page.next}`);
    assert.deepEqual(
      [...page.commands, ...rest.commands].map(({ agent }) => agent),
      expected.map(({ agent }) => agent),
    );
  });

  test('of an action that there is not are a 404, and of a malformed query a 400', async () => {
    for (const [path, status] of [
      [`/actions/${'0'.repeat(32)}/commands`, 404],
      ['/actions/xyz/commands', 400],
      [`/actions/${'0'.repeat(32)}/commands?limit=0`, 400],
      [`/actions/${'0'.repeat(32)}/commands?unreported=perhaps`, 400],
    ] as const) {
      const response = await alice.call('GET', path);
      assert.equal(response.status, status, path);
      assert.equal(Problem.parse(response.body).status, status);
    }
  });
});
