/** Agents that go and come: what waits for them waits in the database, and what the broker has lost is sent again. */
import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { connect } from 'amqplib';
import pg from 'pg';
import { AgentsResponse, noCounts } from '../protocol/api/api.ts';
import { agentQueue } from '../protocol/topology.ts';
import { createServicesBench } from '../tests/relay/pairs.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

describe('an agent on PostgreSQL and RabbitMQ', async () => {
  const bench = await createServicesBench();
  const { amqpUrl, databaseUrl } = bench?.settings ?? {};
  if (bench === null || typeof amqpUrl !== 'string' || typeof databaseUrl !== 'string') return;
  const { alice } = bench;
  const server = await bench.start();
  await alice.logIn();
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const administrator = await connect(amqpUrl);
  const channel = await administrator.createChannel();
  let agent = new SimulatedAgent();

  const countOnline = async (): Promise<number> => {
    const target = encodeURIComponent(`id = '${agent.id}' AND status = 'online'`);
    return AgentsResponse.parse((await alice.call('GET', `/agents?limit=0&target=${target}`)).body).total;
  };
  const submit = () => alice.submit({ target: `id = '${agent.id}'` });
  const waiting = async (): Promise<number> => (await channel.checkQueue(agentQueue(agent.id))).messageCount;
  const comeOnline = async (): Promise<void> => {
    await agent.connect(amqpUrl);
    await agent.sendHeartbeat();
    await eventually(async () => (await countOnline()) === 1);
  };
  /** How long after a heartbeat an agent counts as online. */
  const setOnlineSeconds = (seconds: number) =>
    database.query('UPDATE status_limits SET online = make_interval(secs => $1)', [seconds]);
  /** What a broker does that was restarted: the queue is there, its messages are not. */
  const loseMessages = async (): Promise<void> => {
    await channel.purgeQueue(agentQueue(agent.id));
  };

  beforeEach(async () => {
    agent = new SimulatedAgent();
    await comeOnline();
  });
  after(async () => {
    await agent.close();
    await administrator.close();
    await database.end();
    await server.close();
    await bench.clean();
  });

  test('that is not online gets its command when it is heard, and nothing waits at the broker until then', async () => {
    await agent.close();
    await setOnlineSeconds(0);
    const action = await submit();
    assert.deepEqual(await alice.countsOf(action.id), { ...noCounts, queued: 1 });
    assert.equal(await waiting(), 0);
    await setOnlineSeconds(600);
    await comeOnline();
    await agent.waitForCommand(0);
    await eventually(async () => (await alice.countsOf(action.id)).sent === 1);
    await agent.sendHeartbeat();
    await agent.sendResult((await agent.waitForCommand(0)).command);
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
    assert.equal(agent.received.length, 1);
    await agent.close();
  });

  test('whose command was lost with the broker gets it again over its next connection', async () => {
    await agent.close();
    const action = await submit();
    await eventually(async () => (await waiting()) === 1);
    await eventually(async () => (await alice.countsOf(action.id)).sent === 1);
    await loseMessages();
    await agent.connect(amqpUrl);
    await agent.sendHeartbeat();
    const { command, acknowledge } = await agent.waitForCommand(0);
    // Over the same connection nothing is repeated.
    await agent.sendHeartbeat();
    await agent.sendResult(command);
    acknowledge();
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
    assert.equal(agent.received.length, 1);
    await agent.close();
  });

  test('that runs a command whose cancellation was lost is told again', async () => {
    const action = await submit();
    const { command } = await agent.waitForCommand(0);
    await agent.sendRunning(command);
    await eventually(async () => (await alice.countsOf(action.id)).running === 1);
    await agent.close();
    await alice.call('POST', `/actions/${action.id}/cancel`);
    // The command, which was never acknowledged, and the cancellation.
    await eventually(async () => (await waiting()) === 2);
    await loseMessages();
    await agent.connect(amqpUrl);
    await agent.sendHeartbeat();
    await agent.waitForCancellation(action.id);
    await agent.close();
  });
});
