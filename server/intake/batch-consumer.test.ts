/** Deliveries that end a server each time, and more bytes than it may hold. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ChannelModel, connect } from 'amqplib';
import { createLog } from '../../host/log.ts';
import { eventually } from '../../tools/lab/eventually.ts';
import { ByteBudget } from '../amqp/byte-budget.ts';
import { type Broker, startBroker } from '../broker/listener.ts';
import { toBrokerUsers } from '../broker/users.ts';
import type { Database } from '../database/database.ts';
import { openEmbeddedDatabase } from '../database/embedded.ts';
import { Metrics } from '../metrics.ts';
import { Attempts } from './attempts.ts';
import { BatchConsumer } from './batch-consumer.ts';
import { Gathering } from './gathering.ts';
import { PoisonQueue } from './poison-queue.ts';

const log = createLog('silent', 'mig-server');

describe('a consumer of batches', () => {
  let database: Database;
  let broker: Broker;
  let publisher: ChannelModel;

  const open: ChannelModel[] = [];

  async function dial(): Promise<ChannelModel> {
    const connection = await connect(`amqp://mig-server:own@127.0.0.1:${broker.ownPort}/`);
    connection.on('error', () => {});
    open.push(connection);
    return connection;
  }

  before(async () => {
    database = await openEmbeddedDatabase(null);
    broker = await startBroker({
      host: '127.0.0.1',
      port: 0,
      tls: null,
      listenForOwn: true,
      users: toBrokerUsers('own', 'agents'),
      maximumMessageBytes: 8 * 1024 * 1024,
      confirmWhenSettled: [],
      onFault: () => {},
    });
    publisher = await dial();
  });
  after(async () => {
    for (const connection of open) await connection.close().catch(() => {});
    await broker.close();
    await database.close();
  });

  async function put(queue: string, ...bodies: readonly Buffer[]): Promise<void> {
    const channel = await publisher.createConfirmChannel();
    await channel.assertQueue(queue, { durable: true });
    for (const body of bodies) channel.sendToQueue(queue, body);
    await channel.waitForConfirms();
    await channel.close();
  }

  // It stayed in the queue, and ended one server after the other.
  test('looks no more into what has ended three servers, and handles what is beside it', async () => {
    const malicious = Buffer.alloc(512 * 1024, 1);
    const honest = Buffer.from('honest');
    await put('poisoned', malicious, honest);
    const poison = new PoisonQueue(log, new Metrics());
    const handled: string[] = [];
    let begun = 0;

    /** One life of a server: it ends without a word when it looks into the poison. */
    async function live(): Promise<'ended' | 'handled all'> {
      const connection = await dial();
      return new Promise((resolve) => {
        const consumer = new BatchConsumer({
          queue: 'poisoned',
          prefetch: 10,
          handle: (bodies) => {
            if (bodies.some((body) => body.equals(malicious))) {
              begun += 1;
              void connection.close().then(() => resolve('ended'));
              return new Promise(() => {});
            }
            handled.push(...bodies.map(String));
            void consumer.stop().then(() => resolve('handled all'));
            return Promise.resolve();
          },
          isHopeless: () => false,
          work: { failed: () => {}, worked: () => {} },
          poison,
          attempts: new Attempts(database.db),
          log,
        });
        void consumer.use(connection);
      });
    }

    const lives: string[] = [];
    for (let life = 0; life < 4; life += 1) lives.push(await live());
    assert.deepEqual(lives, ['ended', 'ended', 'ended', 'handled all']);
    assert.equal(begun, 3);
    assert.deepEqual([...poison.counts], [['never-handled', 1]]);
    assert.deepEqual(handled, ['honest']);
  });

  test('begins a batch before its time when as many messages have come as it can hold', async () => {
    const batches: number[] = [];
    const consumer = new BatchConsumer({
      queue: 'gathered',
      prefetch: 5,
      gathering: { shortestMs: 3_600_000, longestMs: 3_600_000 },
      handle: async (bodies) => {
        batches.push(bodies.length);
      },
      isHopeless: () => false,
      work: { failed: () => {}, worked: () => {} },
      poison: new PoisonQueue(log, new Metrics()),
      attempts: new Attempts(database.db),
      log,
    });
    await put('gathered');
    await consumer.use(await dial());
    for (const count of [1, 5]) {
      const handled = batches.length;
      await put('gathered', ...Array.from({ length: count }, () => Buffer.from('message')));
      await eventually(async () => batches.length > handled);
    }
    assert.deepEqual(batches, [1, 5]);
    await consumer.stop();
  });

  test('gathers for twice as long after each batch of a stream, and as shortly as at first after a pause', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const gathering = new Gathering({ shortestMs: 50, longestMs: 200 });
    const waits: number[] = [];
    const wait = async (): Promise<void> => {
      let isOver = false;
      const over = gathering.begin().then(() => {
        isOver = true;
      });
      let ms = 0;
      for (; !isOver; ms += 50) {
        t.mock.timers.tick(50);
        await Promise.resolve();
      }
      await over;
      waits.push(ms);
    };
    for (let batch = 0; batch < 4; batch += 1) await wait();
    gathering.reset();
    await wait();
    assert.deepEqual(waits, [50, 100, 200, 200, 50]);
  });

  test('forgets how often a message was begun when it has been handled', async () => {
    const attempts = new Attempts(database.db);
    const message = Buffer.from('handled in the end');
    for (let round = 0; round < 5; round += 1) {
      assert.deepEqual([await attempts.begin(message), await attempts.begin(message)], [true, true]);
      await attempts.end(message);
    }
    for (const expected of [true, true, true, false]) assert.equal(await attempts.begin(message), expected);
  });

  test('is not read to while it holds as many bytes as it may, and goes on when some are handled', async () => {
    const size = 1024 * 1024;
    await put('large', ...Array.from({ length: 20 }, () => Buffer.alloc(size)));
    const connection = await dial();
    const channel = await connection.createChannel();
    await channel.prefetch(100);
    const budget = new ByteBudget(connection, 4 * size);
    let held = 0;
    let most = 0;
    let handled = 0;
    await channel.consume('large', (message) => {
      if (message === null) return;
      budget.hold(size);
      held += 1;
      most = Math.max(most, held);
      // Handled a while later, as by a database.
      setTimeout(() => {
        held -= 1;
        budget.release(size);
        channel.ack(message);
        handled += 1;
      }, 20);
    });
    await eventually(async () => handled === 20);
    assert.ok(most <= 5, `held ${most} messages`);
  });
});
