/** What our parties need of a broker, asked of the embedded one and of RabbitMQ with the same client. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConsumeMessage, connect } from 'amqplib';
import { socketOf } from '../../protocol/amqplib-internals.ts';
import { describeOnBrokers, Inbox, newName } from '../../tests/relay/brokers.ts';
import { eventually } from '../../tools/lab/eventually.ts';

await describeOnBrokers((subject, client) => {
  const open = () => client.open();
  const settle = (queue: string) => client.settle(queue);

  test('a message published with confirm arrives with its key and properties', async () => {
    const channel = await open();
    const exchange = newName('exchange');
    const { queue } = await channel.assertQueue(newName('queue'), { durable: true });
    await channel.assertExchange(exchange, 'topic', { durable: true });
    await channel.bindQueue(queue, exchange, 'key.*');
    const inbox = new Inbox();
    await channel.consume(queue, inbox.take);
    channel.publish(exchange, 'key.one', Buffer.from('hello'), {
      persistent: true,
      contentType: 'text/plain',
      messageId: 'm1',
      headers: { a: 1, b: ['x', true] },
    });
    await channel.waitForConfirms();
    const [message] = await inbox.waitFor(1);
    assert.equal(message?.content.toString(), 'hello');
    assert.equal(message?.fields.routingKey, 'key.one');
    assert.equal(message?.fields.exchange, exchange);
    assert.equal(message?.fields.redelivered, false);
    assert.equal(message?.properties.messageId, 'm1');
    assert.equal(message?.properties.deliveryMode, 2);
    assert.deepEqual(message?.properties.headers, { a: 1, b: ['x', true] });
  });

  test('messages of every size cross the frame limit unchanged', async () => {
    const channel = await open();
    const { queue } = await channel.assertQueue(newName('queue'), { durable: true });
    const inbox = new Inbox();
    await channel.consume(queue, inbox.take, { noAck: true });
    const sizes = [0, 1, 4087, 4088, 4089, 131_064, 131_065, 3_000_000];
    for (const size of sizes) channel.sendToQueue(queue, Buffer.alloc(size, size % 251));
    await channel.waitForConfirms();
    const messages = await inbox.waitFor(sizes.length);
    sizes.forEach((size, index) => {
      assert.ok(messages[index]?.content.equals(Buffer.alloc(size, size % 251)), `size ${size}`);
    });
  });

  test('topic and direct exchanges route as the specification says', async () => {
    const channel = await open();
    const cases = [
      { type: 'topic', key: 'a.b', bound: 'a.b', arrives: true },
      { type: 'topic', key: 'a.b', bound: 'a.*', arrives: true },
      { type: 'topic', key: 'a', bound: 'a.*', arrives: false },
      { type: 'topic', key: 'a', bound: 'a.#', arrives: true },
      { type: 'topic', key: 'a.b.c', bound: '#.c', arrives: true },
      { type: 'topic', key: 'a.b.c', bound: '#', arrives: true },
      { type: 'topic', key: 'a.b.c', bound: 'a.#.#.c', arrives: true },
      { type: 'topic', key: 'a.b.d', bound: 'a.#.c', arrives: false },
      { type: 'topic', key: '', bound: '#', arrives: true },
      { type: 'direct', key: 'a.b', bound: 'a.b', arrives: true },
      { type: 'direct', key: 'a.b', bound: 'a.*', arrives: false },
    ];
    for (const { type, key, bound, arrives } of cases) {
      const exchange = newName('exchange');
      const { queue } = await channel.assertQueue(newName('queue'), { durable: true });
      await channel.assertExchange(exchange, type, { durable: true });
      await channel.bindQueue(queue, exchange, bound);
      channel.publish(exchange, key, Buffer.from('x'));
      await channel.waitForConfirms();
      assert.equal(await settle(queue), arrives ? 1 : 0, `${type} ${bound} <- ${key}`);
      await channel.unbindQueue(queue, exchange, bound);
      channel.publish(exchange, key, Buffer.from('x'));
      await channel.waitForConfirms();
      assert.equal(await settle(queue), arrives ? 1 : 0, `${type} ${bound} unbound`);
      await channel.deleteQueue(queue);
    }
  });

  test('a mandatory message that nobody takes comes back before its confirm', async () => {
    const channel = await open();
    const exchange = newName('exchange');
    await channel.assertExchange(exchange, 'topic', { durable: true });
    const events: string[] = [];
    channel.on('return', (message) =>
      events.push(`returned ${(message.fields as { replyCode?: number }).replyCode} ${message.content}`),
    );
    channel.publish(exchange, 'nobody', Buffer.from('x'), { mandatory: true }, () => events.push('confirmed'));
    await channel.waitForConfirms();
    assert.deepEqual(events, ['returned 312 x', 'confirmed']);
  });

  test('a message is gone when its expiration or the queue time to live has passed', async () => {
    const channel = await open();
    const own = await channel.assertQueue(newName('queue'), { durable: true });
    const short = await channel.assertQueue(newName('queue'), { durable: true, messageTtl: 20 });
    channel.sendToQueue(own.queue, Buffer.from('short'), { expiration: 20 });
    channel.sendToQueue(own.queue, Buffer.from('long'), { expiration: 60_000 });
    channel.sendToQueue(short.queue, Buffer.from('short'), { expiration: 60_000 });
    await channel.waitForConfirms();
    await eventually(async () => (await settle(own.queue)) <= 1 && (await settle(short.queue)) === 0);
    const inbox = new Inbox();
    await channel.consume(own.queue, inbox.take);
    await inbox.waitFor(1);
    assert.deepEqual(inbox.texts(), ['long']);
  });

  test('a queue that is not used expires, one with a consumer does not', async () => {
    const channel = await open();
    const idle = await channel.assertQueue(newName('queue'), { durable: true, expires: 60 });
    const used = await channel.assertQueue(newName('queue'), { durable: true, expires: 60 });
    await channel.consume(used.queue, () => {});
    const deadlineMs = Date.now() + 5000;
    for (;;) {
      const probe = await client.connection.createChannel();
      probe.on('error', () => {});
      // Declaring it again with other arguments is refused as long as it is there, and does not count as use by a consumer.
      const gone = await probe.checkQueue(idle.queue).then(
        () => false,
        () => true,
      );
      if (gone) break;
      await probe.close();
      assert.ok(Date.now() < deadlineMs);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    assert.equal((await channel.checkQueue(used.queue)).consumerCount, 1);
  });

  test('prefetch limits what is on the way, and an acknowledgement lets the next one go', async () => {
    const channel = await open();
    const { queue } = await channel.assertQueue(newName('queue'), { durable: true });
    for (const text of ['1', '2', '3', '4']) channel.sendToQueue(queue, Buffer.from(text));
    await channel.waitForConfirms();
    await channel.prefetch(2);
    const inbox = new Inbox();
    await channel.consume(queue, inbox.take);
    const [first, second] = await inbox.waitFor(2);
    assert.equal(await settle(queue), 2);
    assert.ok(first && second);
    channel.ack(first);
    await inbox.waitFor(3);
    assert.equal(await settle(queue), 1);
    channel.ack(second, true);
    await inbox.waitFor(4);
    assert.deepEqual(inbox.texts(), ['1', '2', '3', '4']);
  });

  test('what was not acknowledged is delivered again, in order and marked, when its channel closes', async () => {
    const first = await open();
    const { queue } = await first.assertQueue(newName('queue'), { durable: true });
    for (const text of ['1', '2', '3']) first.sendToQueue(queue, Buffer.from(text));
    await first.waitForConfirms();
    const before = new Inbox();
    await first.consume(queue, before.take);
    const [one] = await before.waitFor(3);
    assert.ok(one);
    first.ack(one);
    await first.close();
    const again = new Inbox();
    await (await open()).consume(queue, again.take);
    const messages = await again.waitFor(2);
    assert.deepEqual(again.texts(), ['2', '3']);
    assert.ok(messages.every((message) => message.fields.redelivered));
  });

  test('what was not acknowledged is delivered again when its connection breaks off', async () => {
    const channel = await open();
    const { queue } = await channel.assertQueue(newName('queue'), { durable: true });
    channel.sendToQueue(queue, Buffer.from('precious'));
    await channel.waitForConfirms();
    // Without heartbeats: the client's timer for them outlives a socket that is destroyed under it.
    const doomed = await connect(`${subject.serverUrl}?heartbeat=0`);
    doomed.on('error', () => {});
    const before = new Inbox();
    await (await doomed.createChannel()).consume(queue, before.take);
    await before.waitFor(1);
    socketOf(doomed).destroy();
    const again = new Inbox();
    await channel.consume(queue, again.take);
    const [message] = await again.waitFor(1);
    assert.equal(message?.fields.redelivered, true);
  });

  test('nack and reject give back or drop', async () => {
    const channel = await open();
    const { queue } = await channel.assertQueue(newName('queue'), { durable: true });
    channel.sendToQueue(queue, Buffer.from('x'));
    await channel.waitForConfirms();
    const inbox = new Inbox();
    await channel.consume(queue, inbox.take);
    const [first] = await inbox.waitFor(1);
    assert.ok(first);
    channel.nack(first, false, true);
    const second = (await inbox.waitFor(2))[1];
    assert.ok(second?.fields.redelivered);
    channel.reject(second, true);
    const third = (await inbox.waitFor(3))[2];
    assert.ok(third);
    channel.nack(third, false, false);
    assert.equal(await settle(queue), 0);
  });

  test('consumers take turns, and a cancelled one gets nothing more', async () => {
    const channel = await open();
    const { queue } = await channel.assertQueue(newName('queue'), { durable: true });
    const left = new Inbox();
    const right = new Inbox();
    const { consumerTag } = await channel.consume(queue, left.take, { noAck: true });
    await channel.consume(queue, right.take, { noAck: true });
    for (let index = 0; index < 4; index += 1) channel.sendToQueue(queue, Buffer.from(`${index}`));
    await left.waitFor(2);
    await right.waitFor(2);
    await channel.cancel(consumerTag);
    channel.sendToQueue(queue, Buffer.from('last'));
    await right.waitFor(3);
    assert.equal(left.messages.length, 2);
  });

  test('a consumer is told when its queue is deleted', async () => {
    const channel = await open();
    const { queue } = await channel.assertQueue(newName('queue'), { durable: true });
    const told = new Promise<ConsumeMessage | null>((resolve) => void channel.consume(queue, resolve));
    await channel.checkQueue(queue);
    await (await client.connection.createChannel()).deleteQueue(queue);
    assert.equal(await told, null);
  });
});
