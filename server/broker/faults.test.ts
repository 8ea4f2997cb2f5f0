/** What a broker refuses and how it says so, asked of the embedded one and of RabbitMQ with the same client. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import { agentQueueArguments } from '../../protocol/topology.ts';
import { describeOnBrokers, Inbox, newName } from '../../tests/relay/brokers.ts';

const agentQueue = `mig.agent.${'a'.repeat(64)}`;

async function codeOfClose(emitter: Channel | ChannelModel, provoke: () => unknown): Promise<number | undefined> {
  const closed = once(emitter, 'error');
  try {
    await provoke();
  } catch {
    // The call that is refused also rejects.
  }
  const [error] = await closed;
  return (error as { code?: number }).code;
}

await describeOnBrokers((subject, client) => {
  const open = () => client.open();
  const settle = (queue: string) => client.settle(queue);

  test('a fault closes the channel with the code of the specification and leaves the connection alone', async () => {
    const { queue } = await (await open()).assertQueue(newName('queue'), { durable: true });
    const cases: [number, string, (channel: ConfirmChannel) => unknown][] = [
      [404, 'unknown queue', (channel) => channel.checkQueue('no.such.queue')],
      [404, 'unknown exchange', (channel) => channel.checkExchange('no.such.exchange')],
      [404, 'publish to nowhere', (channel) => channel.publish('no.such.exchange', 'k', Buffer.from('x'))],
      [404, 'consume from nowhere', (channel) => channel.consume('no.such.queue', () => {})],
      [406, 'other arguments', (channel) => channel.assertQueue(queue, { durable: true, messageTtl: 5 })],
      [403, 'reserved name', (channel) => channel.assertQueue('amq.mine', { durable: true })],
      [406, 'bad expiration', (channel) => channel.sendToQueue(queue, Buffer.from('x'), { expiration: 'soon' })],
      [
        406,
        'unknown delivery tag',
        (channel) => channel.ack({ fields: { deliveryTag: 77 } } as unknown as ConsumeMessage),
      ],
    ];
    for (const [code, name, provoke] of cases) {
      const channel = await open();
      assert.equal(await codeOfClose(channel, () => provoke(channel)), code, name);
    }
    await (await open()).checkQueue(queue);
  });

  test('a wrong password and an unknown virtual host are refused', async () => {
    const wrong = new URL(subject.serverUrl);
    wrong.password = 'wrong';
    await assert.rejects(connect(wrong.href), /403|closed/i);
    const nowhere = new URL(subject.serverUrl);
    nowhere.pathname = '/nowhere';
    await assert.rejects(connect(nowhere.href), /ConnectionClose|closed/i);
  });

  test('an agent reads its own queue, speaks to the servers, and may do nothing else', async () => {
    const server = await open();
    for (const exchange of ['mig.agents', 'mig.reports', 'mig.heartbeats'])
      await server.assertExchange(exchange, 'topic', { durable: true });
    await server.assertQueue('mig.reports', { durable: true });
    await server.bindQueue('mig.reports', 'mig.reports', '#');
    const agent = await connect(subject.agentUrl);
    const allowed = await agent.createConfirmChannel();
    await allowed.assertQueue(agentQueue, { durable: true, arguments: agentQueueArguments });
    await allowed.bindQueue(agentQueue, 'mig.agents', 'a'.repeat(64));
    const inbox = new Inbox();
    await allowed.consume(agentQueue, inbox.take);
    server.publish('mig.agents', 'a'.repeat(64), Buffer.from('command'));
    await inbox.waitFor(1);
    allowed.publish('mig.reports', 'a'.repeat(64), Buffer.from('result'));
    await allowed.waitForConfirms();
    assert.equal(await settle('mig.reports'), 1);
    const refused: [string, (channel: Channel) => unknown][] = [
      ['command others', (channel) => channel.publish('mig.agents', 'b'.repeat(64), Buffer.from('x'))],
      ['write into a queue', (channel) => channel.sendToQueue('mig.reports', Buffer.from('x'))],
      ['read the reports', (channel) => channel.consume('mig.reports', () => {})],
      ['declare another queue', (channel) => channel.assertQueue('mig.other', { durable: true })],
      ['declare an exchange', (channel) => channel.assertExchange('mig.mine', 'topic')],
      ['delete the reports', (channel) => channel.deleteQueue('mig.reports')],
      ['purge the reports', (channel) => channel.purgeQueue('mig.reports')],
      ['bind the reports', (channel) => channel.bindQueue(agentQueue, 'mig.reports', '#')],
      ['listen to all', (channel) => channel.bindQueue(agentQueue, 'mig.agents', '#')],
      ['listen to every agent', (channel) => channel.bindQueue(agentQueue, 'mig.agents', '*')],
      ['listen to every fleet', (channel) => channel.bindQueue(agentQueue, 'mig.agents', 'fleet.*')],
      ['answer under a key that is no agent', (channel) => channel.publish('mig.reports', 'x', Buffer.from('x'))],
      ['beat under a key that is no agent', (channel) => channel.publish('mig.heartbeats', '#', Buffer.from('x'))],
    ];
    for (const [name, provoke] of refused) {
      const channel = await agent.createChannel();
      assert.equal(await codeOfClose(channel, () => provoke(channel)), 403, name);
    }
    await agent.close();
  });
});
