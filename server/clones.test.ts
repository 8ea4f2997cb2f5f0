/** Two agents with one key at the same time are told apart from one agent that was restarted. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type AgentInstance, AgentsResponse } from '../protocol/api/api.ts';
import { newInstanceId } from '../protocol/base/identifiers.ts';
import { heartbeatsExchange } from '../protocol/topology.ts';
import { describeRelay } from '../tests/relay/relay-suite.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

await describeRelay('one key', (relay) => {
  const { alice } = relay;
  const messenger = new SimulatedAgent();
  let sent = 0;

  before(async () => {
    await relay.start();
    await relay.connect(messenger);
  });

  interface Start {
    readonly instance: SimulatedAgent['instance'];
    readonly startedMs: number;
    readonly name: string;
  }

  /** Sends a heartbeat of this start and waits until the relay has stored it, or one of another agent behind it. */
  async function beat(agent: SimulatedAgent, { instance, startedMs, name }: Start, timeMs: number): Promise<void> {
    Object.assign(agent, { instance, startedMs });
    await messenger.publish(heartbeatsExchange, agent.heartbeat(timeMs, { name }));
    sent += 1;
    const version = `mark-${sent}`;
    await messenger.sendHeartbeat(Date.now(), { version });
    await eventually(async () => (await list(`version = '${version}'`)).total === 1);
  }

  async function list(target: string) {
    const { body } = await alice.call('GET', `/agents?target=${encodeURIComponent(target)}`);
    return AgentsResponse.parse(body);
  }

  async function clonesOf(agent: SimulatedAgent): Promise<readonly AgentInstance[]> {
    return (await list(`id = '${agent.id}'`)).agents[0]?.clones ?? assert.fail('expected the agent to be listed');
  }

  function start(name: string, startedMs: number): Start {
    return { instance: newInstanceId(), startedMs, name };
  }

  test('an agent that is restarted again and again is one', async () => {
    const agent = new SimulatedAgent();
    const beganMs = Date.now() - 100_000;
    for (let restart = 0; restart < 4; restart += 1) {
      const startMs = beganMs + restart * 20_000;
      const one = start('web1', startMs);
      await beat(agent, one, startMs);
      await beat(agent, one, startMs + 10_000);
    }
    assert.deepEqual(await clonesOf(agent), []);
  });

  test('a heartbeat of before a restart that comes late does not make it two', async () => {
    const agent = new SimulatedAgent();
    const beganMs = Date.now() - 100_000;
    const [first, second] = [start('web1', beganMs), start('web1', beganMs + 50_000)];
    await beat(agent, first, beganMs);
    await beat(agent, second, beganMs + 50_000);
    await beat(agent, first, beganMs + 49_000);
    assert.deepEqual(await clonesOf(agent), []);
  });

  for (const { says, behindMs } of [
    { says: 'two that speak in turn', behindMs: 0 },
    { says: 'two of which one has a clock that is behind', behindMs: 120_000 },
  ])
    test(`${says} are two, each by its own name`, async () => {
      const agent = new SimulatedAgent();
      const beganMs = Date.now() - 300_000;
      const [first, second] = [start('web1', beganMs - behindMs), start('web2', beganMs + 1000)];
      for (const sinceMs of [2000, 60_000, 125_000, 130_000]) {
        await beat(agent, first, beganMs - behindMs + sinceMs);
        await beat(agent, second, beganMs + sinceMs + 1000);
      }
      const clones = await clonesOf(agent);
      assert.deepEqual(clones.map(({ name }) => name).sort(), ['web1', 'web2']);
      assert.deepEqual(clones.map(({ instance }) => instance).sort(), [first.instance, second.instance].sort());
      assert.deepEqual(clones[0]?.environment.addresses, ['192.0.2.1']);
    });
});
