/** One channel: the methods of a client on it, its unacknowledged deliveries, and the content that is coming in. */
import type { BrokerAccess } from './access.ts';
import { AmqpError } from './amqp-error.ts';
import type { BegunMessage } from './begun-messages.ts';
import type { ClientMethod, ServerMethodName } from './codec.ts';
import { IncomingMessage, type Publish } from './incoming-message.ts';
import type { Message, QueuedMessage } from './message.ts';
import type { Consumer, Queue } from './queue.ts';
import { answerTopology } from './topology-methods.ts';
import type { Vhost } from './vhost.ts';

/** The part of a connection that its channels need. */
export interface ChannelHost {
  readonly access: BrokerAccess;
  readonly vhost: Vhost;
  /**
   * Takes the room for a message that begins; null when there is none.
   * @throws AmqpError precondition-failed when it is larger than this connection may have on its way
   */
  begin(bodyBytes: number, headerBytes: number): BegunMessage | null;
  /** The peer does not read as fast as it is sent to. */
  readonly congested: boolean;
  send(channel: number, name: ServerMethodName, fields: object): void;
  sendContent(channel: number, name: ServerMethodName, fields: object, message: Message): void;
}

interface Delivery {
  readonly queue: Queue;
  readonly entry: QueuedMessage;
  readonly consumer: ChannelConsumer;
}

interface ChannelConsumer extends Consumer {
  readonly queue: Queue;
  unacknowledged: number;
}

export class Channel {
  readonly #number: number;
  readonly #host: ChannelHost;
  readonly #consumers = new Map<string, ChannelConsumer>();
  #deliveries = new Map<number, Delivery>();
  #nextDeliveryTag = 1;
  #nextConsumerTag = 1;
  #prefetch = 0;
  #confirming = false;
  #nextPublishTag = 1;
  #incoming: IncomingMessage | undefined;
  #open = true;

  constructor(number: number, host: ChannelHost) {
    this.#number = number;
    this.#host = host;
  }

  #reply(name: ServerMethodName, fields: object, nowait = false): void {
    if (!nowait) this.#host.send(this.#number, name, fields);
  }

  /** @throws AmqpError */
  handleMethod(method: ClientMethod): void {
    if (this.#incoming !== undefined)
      throw new AmqpError('unexpected-frame', 'expected the content of the message before');
    const reply = answerTopology(this.#host.access, this.#host.vhost, method);
    if (reply === null) this.#handleBasic(method);
    else this.#reply(reply.name, reply.fields, reply.nowait);
  }

  #handleBasic(method: ClientMethod): void {
    switch (method.kind) {
      case 'BasicQos':
        if (method.fields.global || method.fields.prefetchSize !== 0)
          throw new AmqpError('not-implemented', 'prefetch by size or shared by the consumers of a channel');
        this.#prefetch = method.fields.prefetchCount;
        this.#reply('BasicQosOk', {});
        break;
      case 'BasicConsume':
        this.#consume(method.fields);
        break;
      case 'BasicCancel':
        this.#removeConsumer(method.fields.consumerTag);
        this.#reply('BasicCancelOk', { consumerTag: method.fields.consumerTag }, method.fields.nowait);
        break;
      case 'BasicPublish':
        this.#expect(method.fields);
        break;
      case 'BasicAck':
        this.#finish(this.#takeDeliveries(method.fields.deliveryTag, method.fields.multiple), false);
        break;
      case 'BasicNack': {
        const { deliveryTag, multiple, requeue } = method.fields;
        this.#finish(this.#takeDeliveries(deliveryTag, multiple), requeue);
        break;
      }
      case 'BasicReject':
        this.#finish(this.#takeDeliveries(method.fields.deliveryTag, false), method.fields.requeue);
        break;
      case 'ConfirmSelect':
        this.#confirming = true;
        this.#reply('ConfirmSelectOk', {}, method.fields.nowait);
        break;
      default:
        throw new AmqpError('command-invalid', `unexpected ${method.kind} on a channel`);
    }
  }

  #consume(fields: Extract<ClientMethod, { kind: 'BasicConsume' }>['fields']): void {
    const { access, vhost } = this.#host;
    access.assert('read', 'queue', fields.queue);
    const { consumers, unacknowledged } = access.user.limits;
    if (this.#consumers.size >= consumers)
      throw new AmqpError('not-allowed', `expected at most ${consumers} consumers on a channel`);
    if (fields.exclusive) throw new AmqpError('not-implemented', 'exclusive consumers');
    const queue = vhost.queue(fields.queue);
    const tag = fields.consumerTag === '' ? `consumer-${this.#nextConsumerTag++}` : fields.consumerTag;
    if (this.#consumers.has(tag)) throw new AmqpError('not-allowed', `attempt to reuse consumer tag '${tag}'`);
    const prefetch = Math.min(this.#prefetch === 0 ? unacknowledged : this.#prefetch, unacknowledged);
    const consumer = this.#newConsumer(tag, queue, fields.noAck, prefetch);
    this.#consumers.set(tag, consumer);
    this.#reply('BasicConsumeOk', { consumerTag: tag }, fields.nowait);
    queue.addConsumer(consumer);
    queue.drain();
  }

  #newConsumer(tag: string, queue: Queue, noAck: boolean, prefetch: number): ChannelConsumer {
    const consumer: ChannelConsumer = {
      tag,
      queue,
      unacknowledged: 0,
      canTake: () => !this.#host.congested && consumer.unacknowledged < prefetch,
      deliver: (from, entry) => this.#deliver(consumer, from, entry, noAck),
      onQueueDeleted: () => {
        this.#consumers.delete(tag);
        this.#reply('BasicCancel', { consumerTag: tag, nowait: true });
      },
    };
    return consumer;
  }

  #deliver(consumer: ChannelConsumer, queue: Queue, entry: QueuedMessage, noAck: boolean): void {
    const deliveryTag = this.#nextDeliveryTag++;
    const { exchange, routingKey } = entry.message;
    const { redelivered } = entry;
    this.#host.sendContent(
      this.#number,
      'BasicDeliver',
      { consumerTag: consumer.tag, deliveryTag, redelivered, exchange, routingKey },
      entry.message,
    );
    if (noAck) {
      queue.settle(entry);
      return;
    }
    consumer.unacknowledged += 1;
    this.#deliveries.set(deliveryTag, { queue, entry, consumer });
  }

  #removeConsumer(tag: string): void {
    const consumer = this.#consumers.get(tag);
    if (consumer === undefined) return;
    this.#consumers.delete(tag);
    consumer.queue.removeConsumer(consumer);
  }

  /** @throws AmqpError precondition-failed */
  #takeDeliveries(tag: number, multiple: boolean): Delivery[] {
    if (!multiple) {
      const delivery = this.#deliveries.get(tag);
      if (delivery === undefined) throw new AmqpError('precondition-failed', `unknown delivery tag ${tag}`);
      this.#deliveries.delete(tag);
      return [delivery];
    }
    const taken: Delivery[] = [];
    for (const [deliveryTag, delivery] of this.#deliveries) {
      if (tag !== 0 && deliveryTag > tag) break;
      this.#deliveries.delete(deliveryTag);
      taken.push(delivery);
    }
    if (taken.length === 0 && tag !== 0) throw new AmqpError('precondition-failed', `unknown delivery tag ${tag}`);
    return taken;
  }

  #finish(deliveries: readonly Delivery[], requeue: boolean): void {
    const byQueue = new Map<Queue, QueuedMessage[]>();
    for (const { consumer, queue, entry } of deliveries) {
      consumer.unacknowledged -= 1;
      const entries = byQueue.get(queue);
      if (entries === undefined) byQueue.set(queue, [entry]);
      else entries.push(entry);
    }
    for (const [queue, entries] of byQueue) {
      if (requeue) queue.requeue(entries);
      else for (const entry of entries) queue.settle(entry);
      queue.drain();
    }
  }

  /** Refused before its content comes: nothing of that is kept. @throws AmqpError */
  #expect(publish: Publish): void {
    if (publish.immediate) throw new AmqpError('not-implemented', 'immediate delivery');
    const { access, vhost } = this.#host;
    access.assert('write', 'exchange', publish.exchange);
    access.assertTopic('write', publish.exchange, publish.routingKey);
    if (publish.exchange !== '') vhost.exchange(publish.exchange);
    this.#incoming = new IncomingMessage(publish, (bodyBytes, headerBytes) => this.#host.begin(bodyBytes, headerBytes));
  }

  /** @throws AmqpError */
  handleHeader(payload: Buffer): void {
    const incoming = this.#incoming;
    if (incoming === undefined) throw new AmqpError('unexpected-frame', 'expected a method, got a content header');
    incoming.takeHeader(payload);
    if (incoming.isWhole) this.#publish(incoming);
  }

  /** @throws AmqpError */
  handleBody(payload: Buffer): void {
    const incoming = this.#incoming;
    if (incoming === undefined) throw new AmqpError('unexpected-frame', 'expected a method, got a content body');
    incoming.takeBody(payload);
    if (incoming.isWhole) this.#publish(incoming);
  }

  #publish(incoming: IncomingMessage): void {
    this.#incoming = undefined;
    const { publish } = incoming;
    const message = incoming.finish();
    const deliveryTag = this.#confirming ? this.#nextPublishTag++ : 0;
    const confirm = (name: 'BasicAck' | 'BasicNack'): void => {
      if (deliveryTag > 0 && this.#open) this.#reply(name, { deliveryTag, multiple: false });
    };
    const outcome = message === null ? 'refused' : this.#host.vhost.publish(message, () => confirm('BasicAck'));
    if (outcome === 'refused') confirm('BasicNack');
    if (message === null || outcome !== 'unroutable') return;
    const { exchange, routingKey } = publish;
    if (publish.mandatory)
      this.#host.sendContent(
        this.#number,
        'BasicReturn',
        { replyCode: 312, replyText: 'NO_ROUTE', exchange, routingKey },
        message,
      );
    confirm('BasicAck');
  }

  /** The peer reads again. */
  resume(): void {
    for (const consumer of this.#consumers.values()) consumer.queue.drain();
  }

  /** Ends consumers and gives back what was not acknowledged. */
  close(): void {
    this.#open = false;
    this.#incoming?.abandon();
    this.#incoming = undefined;
    for (const tag of [...this.#consumers.keys()]) this.#removeConsumer(tag);
    const deliveries = [...this.#deliveries.values()];
    this.#deliveries = new Map();
    this.#finish(deliveries, true);
  }
}
