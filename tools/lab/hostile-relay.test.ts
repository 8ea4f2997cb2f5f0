import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { heartbeatsExchange } from '../../protocol/topology.ts';
import { HostileRelay } from './hostile-relay.ts';
import { SimulatedAgent } from './simulated-agent.ts';

let relay: HostileRelay;
const agents = ['one', 'two'].map((name) => new SimulatedAgent({ name }));

before(async () => {
  relay = await HostileRelay.start();
  for (const agent of agents) await agent.connect(relay.agentUrl);
});
after(async () => {
  for (const agent of agents) await agent.close();
  await relay?.stop();
});

/** Regression: a waiter that was woken for nothing removed the others from the list, and they slept until their timeout. */
test('each of several who wait is woken by its own message', { timeout: 30_000 }, async () => {
  const waiting = agents.map(({ id }) => relay.wait((message) => message.agent === id, 60_000));
  for (const agent of agents.toReversed()) await agent.publish(heartbeatsExchange, agent.heartbeat());
  const heard = await Promise.all(waiting);
  assert.deepEqual(
    heard.map(({ agent }) => agent),
    agents.map(({ id }) => id),
  );
});
