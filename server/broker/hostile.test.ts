/** What strangers send to the embedded broker: it closes their connection and serves the others as before. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import fc from 'fast-check';
import { socketOf } from '../../protocol/amqplib-internals.ts';
import { AgentId } from '../../protocol/base/identifiers.ts';
import { agentQueue, agentQueueArguments } from '../../protocol/topology.ts';
import { clientSession, encodeMethodOfClient, startOk } from '../testing/client-frames.ts';
import { BegunMessages, BegunOfConnection, Room } from './begun-messages.ts';
import { protocolHeader } from './codec.ts';
import { type Broker, type BrokerOptions, startBroker } from './listener.ts';
import { toBrokerUsers } from './users.ts';

const startSmallBroker = (options: Partial<BrokerOptions>): Promise<Broker> =>
  startBroker({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    users: toBrokerUsers('s3cret', 'agents'),
    maximumMessageBytes: 64 * 1024,
    ...options,
  });

describe('the embedded broker among strangers', () => {
  let broker: Broker;
  let good: ChannelModel;
  let channel: ConfirmChannel;
  const faults: string[] = [];

  before(async () => {
    broker = await startSmallBroker({
      maximumBytes: 256 * 1024,
      handshakeTimeoutMs: 300,
      confirmWhenSettled: ['precious'],
      onFault: (what) => faults.push(what),
    });
    good = await connect(`amqp://mig-server:s3cret@127.0.0.1:${broker.port}`);
    channel = await good.createConfirmChannel();
    await channel.assertQueue('probe', { durable: true });
  });
  after(async () => {
    await good.close();
    await broker.close();
  });

  async function assertAlive(): Promise<void> {
    channel.sendToQueue('probe', Buffer.from('x'));
    await channel.waitForConfirms();
    await channel.purgeQueue('probe');
  }

  function open(): Socket {
    const socket = connectSocket(broker.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    return socket;
  }

  /** Sends bytes and waits until the broker has closed the connection. */
  async function sendUntilClosed(bytes: Uint8Array): Promise<void> {
    const socket = open();
    socket.write(bytes);
    await once(socket, 'close');
  }

  test('one that says nothing is cut off', async () => {
    await once(open(), 'close');
    await assertAlive();
    assert.ok(faults.includes('handshake took too long'));
  });

  test('one that speaks another protocol is told which one is spoken here', async () => {
    const socket = connectSocket(broker.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\n\r\n');
    const [bytes] = await once(socket, 'data');
    assert.deepEqual(bytes, protocolHeader);
    await once(socket, 'close');
  });

  test('random bytes close their own connection only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, withHeader) => {
        await sendUntilClosed(withHeader ? Buffer.concat([protocolHeader, bytes]) : bytes);
      }),
      { numRuns: 20 },
    );
    await assertAlive();
  });

  test('a valid session with a few bytes changed never hurts the broker', async () => {
    const session = clientSession('mig-server', 's3cret');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(session.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 0,
          maxLength: 6,
        }),
        async (changes) => {
          const mutated = Buffer.from(session);
          for (const [index, value] of changes) mutated[index] = value;
          const socket = open();
          socket.write(Buffer.concat([protocolHeader, mutated]));
          socket.end();
          await once(socket, 'close');
        },
      ),
      { numRuns: 300 },
    );
    await assertAlive();
  });

  test('a deeply nested table is refused', async () => {
    const levels = 500;
    let table: Buffer = Buffer.alloc(0);
    for (let level = 0; level < levels; level += 1) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(table.length);
      table = Buffer.concat([Buffer.from([0, 0x46]), length, table]);
    }
    await sendUntilClosed(
      Buffer.concat([protocolHeader, encodeMethodOfClient(0, 10, 11, startOk(Buffer.from('x'), table))]),
    );
    await assertAlive();
  });

  test('a frame larger than agreed closes the connection before it is there', async () => {
    const head = Buffer.alloc(7);
    head.writeUInt8(1, 0);
    head.writeUInt32BE(0xffff_ffff, 3);
    await sendUntilClosed(Buffer.concat([protocolHeader, head]));
    await assertAlive();
  });

  test('a message larger than allowed closes the channel', async () => {
    const own = await good.createConfirmChannel();
    const failed = once(own, 'error');
    own.sendToQueue('probe', Buffer.alloc(64 * 1024 + 1), {}, () => {});
    const [error] = await failed;
    assert.equal(error.code, 406);
    await assertAlive();
  });

  test('when the memory for messages is used up, publishers are told that theirs was not taken', async () => {
    const own = await good.createConfirmChannel();
    await own.assertQueue('full', { durable: true });
    const beforeBytes = broker.heldBytes();
    const outcomes: string[] = [];
    for (let index = 0; index < 6; index += 1)
      own.sendToQueue('full', Buffer.alloc(60 * 1024), {}, (error) => outcomes.push(error === null ? 'ack' : 'nack'));
    await own.waitForConfirms().catch(() => {});
    const taken = outcomes.indexOf('nack');
    assert.ok(taken > 0);
    assert.deepEqual(new Set(outcomes.slice(taken)), new Set(['nack']));
    assert.ok(broker.heldBytes() <= 256 * 1024);
    await own.purgeQueue('full');
    assert.equal(broker.heldBytes(), beforeBytes);
    await assertAlive();
  });

  test('where messages exist nowhere else, the confirm waits for the acknowledgement of the consumer', async () => {
    const own = await good.createConfirmChannel();
    await own.assertQueue('precious', { durable: true });
    const events: string[] = [];
    own.sendToQueue('precious', Buffer.from('x'), {}, () => events.push('confirmed'));
    await new Promise<void>((resolve) => {
      void own.consume('precious', (message) => {
        assert.ok(message);
        events.push('delivered');
        own.ack(message);
        resolve();
      });
    });
    await own.waitForConfirms();
    assert.deepEqual(events, ['delivered', 'confirmed']);
  });

  test('a client that stops reading does not make the broker hold its messages twice', async () => {
    const lazy = await connect(`amqp://mig-server:s3cret@127.0.0.1:${broker.port}?heartbeat=0`);
    lazy.on('error', () => {});
    const reader = await lazy.createChannel();
    await reader.assertQueue('lazy', { durable: true });
    await reader.consume('lazy', () => {}, { noAck: true });
    const stream = socketOf(lazy);
    // A pause would not do: amqplib reads on every 'readable'.
    stream.removeAllListeners('readable');
    for (let index = 0; index < 400; index += 1) channel.sendToQueue('lazy', Buffer.alloc(60 * 1024));
    const outcome = await channel.waitForConfirms().then(
      () => 'all taken',
      () => 'some refused',
    );
    assert.equal(outcome, 'some refused');
    assert.ok(broker.heldBytes() <= 256 * 1024);
    stream.destroy();
    await channel.deleteQueue('lazy');
    await assertAlive();
  });
});

describe('the places of the embedded broker', () => {
  let broker: Broker;
  before(async () => {
    broker = await startSmallBroker({
      maximumConnections: 8,
    });
  });
  after(() => broker.close());

  const newId = (): string => randomBytes(32).toString('hex');
  const urlOf = (account: string): string => `amqp://${account}@127.0.0.1:${broker.port}`;

  async function enrol(id: string): Promise<ChannelModel> {
    const connection = await connect(urlOf('mig-agent:agents'));
    connection.on('error', () => {});
    const channel = await connection.createChannel();
    await channel.assertQueue(agentQueue(AgentId.parse(id)), { durable: true, arguments: agentQueueArguments });
    await channel.consume(agentQueue(AgentId.parse(id)), () => {});
    return connection;
  }

  test('queues that nobody reads from make room for those of agents that come', async () => {
    const honest = newId();
    const connection = await enrol(honest);
    for (let count = 0; count < 40; count += 1) await (await enrol(newId())).close();
    const server = await connect(urlOf('mig-server:s3cret'));
    const channel = await server.createChannel();
    const { consumerCount } = await channel.checkQueue(agentQueue(AgentId.parse(honest)));
    assert.equal(consumerCount, 1);
    await server.close();
    await connection.close();
  });

  test('one address has half of the connections at most', async () => {
    const open = [await enrol(newId()), await enrol(newId()), await enrol(newId()), await enrol(newId())];
    await assert.rejects(connect(urlOf('mig-agent:agents')));
    for (const connection of open) await connection.close();
  });

  test('consumers on a channel are counted', async () => {
    const id = newId();
    const connection = await enrol(id);
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    const closed = once(connection, 'error');
    for (let count = 0; count < 5; count += 1) channel.consume(agentQueue(AgentId.parse(id)), () => {}).catch(() => {});
    const [error] = await closed;
    assert.equal(error.code, 530);
  });
});

describe('messages that have begun', () => {
  const begin = (room: Room, sizeBytes: number, given: string[], name: string) =>
    room.begin(sizeBytes, () => given.push(name));

  test('count whole from their header on, and what has ended gives its room back once', () => {
    const room = new Room({ maximumBytes: 100, patienceMs: 60_000 });
    const given: string[] = [];
    const first = begin(room, 60, given, 'first');
    assert.equal(begin(room, 60, given, 'second'), null);
    first?.end();
    first?.end();
    assert.equal(room.bytes, 0);
    assert.ok(begin(room, 100, given, 'third'));
    assert.deepEqual(given, []);
  });

  test('give way to others, the oldest first, and not to what has no room even so', () => {
    const room = new Room({ maximumBytes: 100, patienceMs: 0 });
    const given: string[] = [];
    for (const name of ['first', 'second', 'third']) begin(room, 50, given, name);
    assert.deepEqual(given, ['first']);
    assert.ok(begin(room, 100, given, 'fourth'));
    assert.deepEqual(given, ['first', 'second', 'third']);
    assert.equal(begin(room, 101, given, 'fifth'), null);
    assert.equal(room.bytes, 100);
  });

  test('that come fast enough are waited for, also when they began before others', async () => {
    const room = new Room({ maximumBytes: 100, patienceMs: 1 });
    const given: string[] = [];
    const fast = begin(room, 50, given, 'fast');
    fast?.progress(1_000_000);
    begin(room, 50, given, 'slow');
    while (begin(room, 50, given, 'next') === null) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.deepEqual(given, ['slow']);
  });

  test('of one connection are together no larger than the largest message, and large ones leave room for small ones', () => {
    const mebibyte = 1024 * 1024;
    const all = new BegunMessages({
      large: { maximumBytes: 10 * mebibyte, patienceMs: 60_000 },
      small: { maximumBytes: mebibyte, patienceMs: 0 },
    });
    const own = new BegunOfConnection(all, 10 * mebibyte, () => {});
    const first = own.begin(6 * mebibyte, 20);
    assert.throws(() => own.begin(5 * mebibyte, 20), { reply: 'precondition-failed' });
    assert.equal(
      all.begin(5 * mebibyte, () => {}),
      null,
    );
    assert.ok(all.begin(1000, () => {}));
    first?.end();
    assert.ok(own.begin(9 * mebibyte, 20));
  });
});
