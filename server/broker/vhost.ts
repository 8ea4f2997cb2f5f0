/** The one virtual host of the embedded broker: its exchanges, its queues, and the way of a message through them. */
import { isDeepStrictEqual } from 'node:util';
import { AmqpError } from './amqp-error.ts';
import { BegunMessages, type BegunOptions } from './begun-messages.ts';
import type { ClientMethod } from './codec.ts';
import { Exchange } from './exchange.ts';
import { type Message, sizeOf } from './message.ts';
import { Queue } from './queue.ts';

type FieldsOf<Kind extends ClientMethod['kind']> = Extract<ClientMethod, { kind: Kind }>['fields'];

export interface VhostOptions {
  readonly name: string;
  /** Bytes of all messages together; what would exceed it is refused to the publisher. */
  readonly maximumBytes: number;
  /** When there are as many, one that nobody reads from makes room. */
  readonly maximumQueues: number;
  readonly begun: BegunOptions;
  /** Queues whose messages exist nowhere else: a publisher's confirm waits for the consumer's acknowledgement. */
  readonly confirmWhenSettled: ReadonlySet<string>;
}

export type RouteOutcome = 'routed' | 'unroutable' | 'refused';

/** @throws AmqpError precondition-failed when the argument is there and not a whole number of at least `minimum`. */
function numberArgument(fields: FieldsOf<'QueueDeclare'>, name: string, minimum: number): number | undefined {
  const value = Object.hasOwn(fields.arguments, name) ? fields.arguments[name] : undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum)
    throw new AmqpError('precondition-failed', `invalid arg '${name}' for queue '${fields.queue}'`);
  return value;
}

export class Vhost {
  readonly options: VhostOptions;
  readonly begun: BegunMessages;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #queues = new Map<string, Queue>();
  #bytes = 0;

  constructor(options: VhostOptions) {
    this.options = options;
    this.begun = new BegunMessages(options.begun);
  }

  get heldBytes(): number {
    return this.#bytes;
  }

  /** @throws AmqpError not-found */
  queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new AmqpError('not-found', `no queue '${name}' in vhost '${this.options.name}'`);
    return queue;
  }

  /** @throws AmqpError not-found */
  exchange(name: string): Exchange {
    const exchange = this.#exchanges.get(name);
    if (exchange === undefined)
      throw new AmqpError('not-found', `no exchange '${name}' in vhost '${this.options.name}'`);
    return exchange;
  }

  declareExchange(fields: FieldsOf<'ExchangeDeclare'>): void {
    const { exchange: name, type, durable } = fields;
    if (fields.passive) {
      this.exchange(name);
      return;
    }
    if (type !== 'topic' && type !== 'direct')
      throw new AmqpError('command-invalid', `unknown exchange type '${type}'`);
    if (fields.autoDelete || fields.internal)
      throw new AmqpError('not-implemented', 'exchanges that are internal or delete themselves');
    const existing = this.#exchanges.get(name);
    if (existing === undefined) this.#exchanges.set(name, new Exchange(name, type, durable));
    else if (existing.type !== type || existing.durable !== durable)
      throw new AmqpError('precondition-failed', `inequivalent arg for exchange '${name}'`);
  }

  declareQueue(fields: FieldsOf<'QueueDeclare'>): Queue {
    const { queue: name, durable } = fields;
    if (fields.passive) return this.queue(name);
    if (name === '' || fields.exclusive || fields.autoDelete)
      throw new AmqpError('not-implemented', 'queues that are exclusive, delete themselves or have no name');
    const existing = this.#queues.get(name);
    if (existing !== undefined) {
      if (existing.options.durable !== durable || !isDeepStrictEqual(existing.options.arguments, fields.arguments))
        throw new AmqpError('precondition-failed', `inequivalent arg for queue '${name}'`);
      existing.touch();
      return existing;
    }
    if (this.#queues.size >= this.options.maximumQueues && !this.#deleteLongestUnused())
      throw new AmqpError('precondition-failed', `expected at most ${this.options.maximumQueues} queues`);
    const queue = new Queue({
      name,
      durable,
      arguments: fields.arguments,
      messageTtlMs: numberArgument(fields, 'x-message-ttl', 0),
      maximumLength: numberArgument(fields, 'x-max-length', 0),
      expiresMs: numberArgument(fields, 'x-expires', 1),
      confirmWhenSettled: this.options.confirmWhenSettled.has(name),
      onBytes: (change) => {
        this.#bytes += change;
      },
      onExpired: (expired) => this.deleteQueue(expired),
    });
    this.#queues.set(name, queue);
    return queue;
  }

  /** Whoever makes queues by the thousand takes no place from those that come after. @returns whether there was one. */
  #deleteLongestUnused(): boolean {
    let longest: Queue | undefined;
    for (const queue of this.#queues.values())
      if (queue.unusedSinceMs !== null && queue.unusedSinceMs < (longest?.unusedSinceMs ?? Infinity)) longest = queue;
    if (longest !== undefined) this.deleteQueue(longest);
    return longest !== undefined;
  }

  deleteQueue(queue: Queue): void {
    this.#queues.delete(queue.name);
    for (const exchange of this.#exchanges.values()) exchange.removeQueue(queue);
    queue.close();
  }

  /**
   * Puts a message into every queue that it is routed to.
   * @param onSafe called once, perhaps at once, when the publisher need not keep the message any longer; not called for `refused`.
   * @throws AmqpError not-found
   */
  publish(message: Message, onSafe: () => void): RouteOutcome {
    const queues = message.exchange === '' ? this.#defaultRoute(message.routingKey) : this.#route(message);
    if (!this.#hasRoom(sizeOf(message) * queues.size)) return 'refused';
    let waitingFor = 1;
    const settled = (): void => {
      waitingFor -= 1;
      if (waitingFor === 0) onSafe();
    };
    for (const queue of queues) {
      const waits = queue.options.confirmWhenSettled;
      if (waits) waitingFor += 1;
      queue.push(message, waits ? settled : undefined);
    }
    if (queues.size > 0) settled();
    return queues.size > 0 ? 'routed' : 'unroutable';
  }

  #hasRoom(sizeBytes: number): boolean {
    if (this.#bytes + sizeBytes <= this.options.maximumBytes) return true;
    for (const queue of this.#queues.values()) queue.dropExpired();
    return this.#bytes + sizeBytes <= this.options.maximumBytes;
  }

  #defaultRoute(name: string): Set<Queue> {
    const queue = this.#queues.get(name);
    return new Set(queue === undefined ? [] : [queue]);
  }

  #route(message: Message): Set<Queue> {
    return this.exchange(message.exchange).route(message.routingKey);
  }

  close(): void {
    for (const queue of [...this.#queues.values()]) this.deleteQueue(queue);
  }
}
