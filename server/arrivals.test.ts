/** Agents that come up in the very moment in which an action for them is written, on two servers at once. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { ActionDetail, AgentsResponse } from '../protocol/api/api.ts';
import { createServicesBench } from '../tests/relay/pairs.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

const agentCount = 20;

describe('two servers on PostgreSQL and RabbitMQ', async () => {
  const bench = await createServicesBench();
  if (bench === null) return;
  const { alice } = bench;
  const servers = [await bench.start(), await bench.start()];
  await alice.logIn();
  const agents = Array.from({ length: agentCount }, (_, index) => new SimulatedAgent({ tags: { team: `t${index}` } }));
  after(async () => {
    for (const agent of agents) await agent.close();
    for (const server of servers) await server.close();
    await bench.clean();
  });

  test('send each agent its action, and once', async () => {
    const [first] = servers;
    assert.ok(first);
    const actions = await Promise.all(
      agents.map(async (agent) => {
        await bench.connectAgent(first, agent);
        const target = `tags->>'team' = '${agent.facts.tags.team}'`;
        const [action] = await Promise.all([alice.submit({ target }), agent.sendHeartbeat(), agent.sendHeartbeat()]);
        await agent.sendHeartbeat();
        await agent.waitForCommand(0);
        return action;
      }),
    );
    await eventually(async () => AgentsResponse.parse((await alice.call('GET', '/agents?limit=0')).body).total === 20);
    for (const { id } of actions)
      await eventually(
        async () => ActionDetail.parse((await alice.call('GET', `/actions/${id}`)).body).counts.sent === 1,
      );
    assert.deepEqual(
      agents.map((agent) => agent.received.length),
      agents.map(() => 1),
    );
  });
});
