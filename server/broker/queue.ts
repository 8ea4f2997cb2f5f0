/** One queue: messages in order, consumers in turn, expiry of messages and of the queue itself. */
import type { Table } from './codec.ts';
import { type Message, type QueuedMessage, sizeOf } from './message.ts';

export interface Consumer {
  readonly tag: string;
  /** False while its prefetch is used up or its connection is congested. */
  canTake(): boolean;
  deliver(queue: Queue, entry: QueuedMessage): void;
  /** The queue is gone. */
  onQueueDeleted(): void;
}

export interface QueueOptions {
  readonly name: string;
  readonly durable: boolean;
  readonly arguments: Table;
  /** `x-message-ttl` */
  readonly messageTtlMs: number | undefined;
  /** `x-max-length`: the oldest message makes room for the newest. */
  readonly maximumLength: number | undefined;
  /** `x-expires` */
  readonly expiresMs: number | undefined;
  /** A publisher's confirm waits until the message has been acknowledged by a consumer. */
  readonly confirmWhenSettled: boolean;
  /** Told of every change in bytes held, so that the broker can bound its memory. */
  readonly onBytes: (change: number) => void;
  readonly onExpired: (queue: Queue) => void;
}

/** The longest delay that a timer takes (2^31 - 1 ms, about 24 days). */
const maximumTimerMs = 0x7fff_ffff;

export class Queue {
  readonly options: QueueOptions;
  #ready: QueuedMessage[] = [];
  #head = 0;
  #consumers: Consumer[] = [];
  #nextPosition = 0;
  #lastUsedMs = Date.now();
  #expiryTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: QueueOptions) {
    this.options = options;
    this.touch();
  }

  get name(): string {
    return this.options.name;
  }

  get messageCount(): number {
    this.dropExpired();
    return this.#ready.length - this.#head;
  }

  get consumerCount(): number {
    return this.#consumers.length;
  }

  /** Since when nobody reads from it; null when somebody does, or when it is for ever. */
  get unusedSinceMs(): number | null {
    return this.options.expiresMs === undefined || this.#consumers.length > 0 ? null : this.#lastUsedMs;
  }

  /** Marks the queue as used: its `x-expires` counts from now. */
  touch(): void {
    this.#lastUsedMs = Date.now();
    if (this.options.expiresMs !== undefined && this.#expiryTimer === undefined) this.#armExpiry();
  }

  #armExpiry(): void {
    const { expiresMs } = this.options;
    if (expiresMs === undefined || this.#closed) return;
    if (this.#consumers.length > 0) this.#lastUsedMs = Date.now();
    const leftMs = this.#lastUsedMs + expiresMs - Date.now();
    if (leftMs <= 0) {
      this.options.onExpired(this);
      return;
    }
    this.#expiryTimer = setTimeout(() => this.#armExpiry(), Math.min(leftMs, maximumTimerMs));
    this.#expiryTimer.unref();
  }

  push(message: Message, onSettled: (() => void) | undefined): void {
    this.dropExpired();
    const ttlMs = Math.min(message.timeToLiveMs ?? Infinity, this.options.messageTtlMs ?? Infinity);
    this.#ready.push({
      message,
      position: this.#nextPosition++,
      expiresAtMs: ttlMs === Infinity ? undefined : Date.now() + ttlMs,
      redelivered: false,
      onSettled,
    });
    this.options.onBytes(sizeOf(message));
    this.drain();
    this.#dropOverflow();
  }

  #dropOverflow(): void {
    const { maximumLength = Infinity } = this.options;
    while (this.#ready.length - this.#head > maximumLength) {
      const entry = this.#ready[this.#head];
      this.#head += 1;
      if (entry !== undefined) this.settle(entry);
    }
    this.#compact();
  }

  /** Hands out what it can. */
  drain(): void {
    while (this.#head < this.#ready.length) {
      this.dropExpired();
      const entry = this.#ready[this.#head];
      const consumer = entry === undefined ? undefined : this.#nextConsumer();
      if (entry === undefined || consumer === undefined) break;
      this.#head += 1;
      consumer.deliver(this, entry);
    }
    this.#compact();
  }

  #nextConsumer(): Consumer | undefined {
    const index = this.#consumers.findIndex((consumer) => consumer.canTake());
    if (index === -1) return undefined;
    const [consumer] = this.#consumers.splice(index, 1);
    if (consumer !== undefined) this.#consumers.push(consumer);
    return consumer;
  }

  #compact(): void {
    if (this.#head === this.#ready.length) {
      this.#ready = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Acknowledged, rejected or dropped: the message is done with. */
  settle(entry: QueuedMessage): void {
    this.options.onBytes(-sizeOf(entry.message));
    entry.onSettled?.();
  }

  /** Takes back what was not acknowledged; the caller drains when it is done. */
  requeue(entries: readonly QueuedMessage[]): void {
    if (this.#closed) {
      for (const entry of entries) this.settle(entry);
      return;
    }
    for (const entry of entries) entry.redelivered = true;
    this.#ready = [...entries, ...this.#ready.slice(this.#head)].sort((a, b) => a.position - b.position);
    this.#head = 0;
  }

  /** Only at the head, as RabbitMQ does: what is behind a longer-lived message waits its turn. */
  dropExpired(): void {
    const nowMs = Date.now();
    for (;;) {
      const entry = this.#ready[this.#head];
      if (entry?.expiresAtMs === undefined || entry.expiresAtMs > nowMs) return;
      this.#head += 1;
      this.settle(entry);
    }
  }

  /** @returns how many messages were dropped. */
  purge(): number {
    const dropped = this.#ready.slice(this.#head);
    this.#ready = [];
    this.#head = 0;
    for (const entry of dropped) this.settle(entry);
    return dropped.length;
  }

  addConsumer(consumer: Consumer): void {
    this.#consumers.push(consumer);
    this.touch();
  }

  removeConsumer(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((other) => other !== consumer);
    this.touch();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#expiryTimer);
    const consumers = this.#consumers;
    this.#consumers = [];
    for (const consumer of consumers) consumer.onQueueDeleted();
    this.purge();
  }
}
