/** Database and broker go away under a running server: it waits, comes back by itself, and has lost nothing. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { connect } from 'amqplib';
import { TokenCreated } from '../protocol/api/access-api.ts';
import { AgentsResponse, Counts, noCounts, StatusResponse } from '../protocol/api/api.ts';
import { heartbeatsQueue, reportsQueue } from '../protocol/topology.ts';
import { createServicesBench } from '../tests/relay/pairs.ts';
import { startProxy } from '../tests/relay/proxy.ts';
import { scrape } from '../tests/relay/scrape.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';
import { startServer } from './server.ts';

describe('a server whose services fail', async () => {
  const bench = await createServicesBench();
  const { databaseUrl, amqpUrl } = bench?.settings ?? {};
  if (bench === null || typeof databaseUrl !== 'string' || typeof amqpUrl !== 'string') return;
  const { alice } = bench;
  const database = await startProxy(databaseUrl);
  const broker = await startProxy(amqpUrl);
  const server = await startServer({ ...bench.settings, databaseUrl: database.url, amqpUrl: broker.url });
  const agent = new SimulatedAgent();
  // The agent's own way to the broker is not cut.
  await agent.connect(amqpUrl);
  bench.pointAlice(server);
  await alice.logIn();

  after(async () => {
    await agent.close();
    await server.close();
    await database.close();
    await broker.close();
    await bench.clean();
  });

  const status = async () => StatusResponse.parse((await alice.call('GET', '/status')).body);

  test('takes actions while the broker is away, and sends them when it is back', async () => {
    await agent.sendHeartbeat();
    await eventually(async () => AgentsResponse.parse((await alice.call('GET', '/agents?limit=0')).body).total === 1);
    broker.cut();
    await eventually(async () => !(await status()).broker);
    const action = await alice.submit({ target: 'all' });
    assert.deepEqual(await alice.countsOf(action.id), { ...noCounts, queued: 1 });
    broker.restore();
    const { command, acknowledge } = await agent.waitForCommand(0);
    await agent.sendResult(command);
    acknowledge();
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
  });

  test('keeps results at the broker while the database is away, and tells followers when it is back', async () => {
    const action = await alice.submit({ target: 'all' });
    const reader = await alice.follow(action.id);
    const { command, acknowledge } = await agent.waitForCommand(1);
    const { token } = TokenCreated.parse((await alice.call('POST', '/tokens', { name: 'prometheus' })).body);
    assert.match((await scrape(server, token)).body, /^mig_database_connected 1$/m);
    database.cut();
    await eventually(async () => !(await status()).database);
    const { status: scraped, body: metrics } = await scrape(server, token);
    assert.equal(scraped, 200);
    assert.match(metrics, /^mig_database_connected 0$/m);
    assert.doesNotMatch(metrics, /^mig_(agents|commands|outbox)/m);
    await agent.sendResult(command);
    acknowledge();
    const refused = await alice.call('GET', '/actions');
    assert.equal(refused.status, 503);
    database.restore();
    await eventually(async () => (await status()).database);
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
    // The stream may have broken while counts could not be read; whoever comes back finds everything.
    reader.close();
    const again = await alice.follow(action.id);
    assert.deepEqual(Counts.parse((await again.until('end')).data), { ...noCounts, succeeded: 1 });
  });

  test('declares its queues again when somebody has deleted them', async () => {
    const administrator = await connect(amqpUrl);
    const channel = await administrator.createChannel();
    for (const queue of [reportsQueue, heartbeatsQueue]) await channel.deleteQueue(queue);
    await administrator.close();
    const action = await alice.submit({ target: 'all' });
    const { command, acknowledge } = await agent.waitForCommand(2);
    acknowledge();
    // What is published while there is no queue is lost at the broker; an agent's outbox would send it again.
    await eventually(async () => {
      await agent.sendResult(command);
      return (await alice.countsOf(action.id)).succeeded === 1;
    });
  });
});
