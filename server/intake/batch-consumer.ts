/**
 * Takes the deliveries of one queue in batches: those that came while the batch before was being stored. A batch is
 * acknowledged when its handler has resolved, and tried again until then. It is not given back: brokers count that and drop
 * a message that came back too often. A redelivered or large message is handled alone, three times at most.
 */
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Log } from '../../host/log.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import { ByteBudget } from '../amqp/byte-budget.ts';
import type { LinkUser } from '../amqp/link.ts';
import type { RetriedWork } from '../failures.ts';
import type { Attempts } from './attempts.ts';
import { Gathering, type GatheringTimes } from './gathering.ts';
import type { PoisonQueue } from './poison-queue.ts';

export interface BatchConsumerOptions {
  readonly queue: string;
  /** Messages on their way at the same time: the largest batch. */
  readonly prefetch: number;
  /** Absent where each batch begins when the one before has been stored. */
  readonly gathering?: GatheringTimes;
  /** Stores the batch; must be able to get the same messages again. */
  readonly handle: (bodies: readonly Buffer[]) => Promise<void>;
  /** Whether an error of `handle` would come again with the same messages. */
  readonly isHopeless: (error: unknown) => boolean;
  /** Takes the message that cannot be stored. */
  readonly poison: PoisonQueue;
  readonly attempts: Attempts;
  readonly work: RetriedWork;
  readonly log: Log;
}

const atOnce: GatheringTimes = { shortestMs: 0, longestMs: 0 };
/** A pause, to ask a database that is down not in a tight loop. */
const retryMs = 1000;
/** Bytes of waiting deliveries that are held, and one more message. */
const heldBytes = 16 * 1024 * 1024;
/** More than nearly all messages have; each that is larger is handled alone. */
const largeBytes = 256 * 1024;

function isSuspect({ fields, content }: ConsumeMessage): boolean {
  return fields.redelivered || content.length > largeBytes;
}

/** In order: suspects alone, the others together. */
function toGroups(messages: readonly ConsumeMessage[]): ConsumeMessage[][] {
  const groups: ConsumeMessage[][] = [];
  let ordinary: ConsumeMessage[] = [];
  for (const message of messages) {
    if (!isSuspect(message)) {
      if (ordinary.length === 0) groups.push(ordinary);
      ordinary.push(message);
      continue;
    }
    groups.push([message]);
    ordinary = [];
  }
  return groups;
}

type BatchOutcome = 'stored' | 'hopeless' | 'stopped';

export class BatchConsumer {
  readonly #options: BatchConsumerOptions;
  #running: Promise<void> = Promise.resolve();
  #gathering: Gathering | undefined;
  #stopping = false;

  constructor(options: BatchConsumerOptions) {
    this.#options = options;
  }

  readonly use: LinkUser = async (connection: ChannelModel) => {
    const channel = await connection.createChannel();
    let open = true;
    channel.on('error', (error) => this.#options.log.warn({ reason: toMessage(error) }, 'consumer channel failed'));
    const gathering = new Gathering(this.#options.gathering ?? atOnce);
    this.#gathering = gathering;
    channel.once('close', () => {
      open = false;
      gathering.end();
      // Closed alone: the link makes everything anew.
      void connection.close().catch(() => {});
    });
    const { prefetch } = this.#options;
    const budget = new ByteBudget(connection, heldBytes);
    await channel.prefetch(prefetch);
    let waiting: ConsumeMessage[] = [];
    let working = false;
    const work = async (): Promise<void> => {
      while (waiting.length > 0 && open && !this.#stopping) {
        const batch = waiting;
        waiting = [];
        const gathered = gathering.begin();
        for (const group of toGroups(batch)) {
          if (open) await this.#handle(channel, group, () => open);
          for (const { content } of group) budget.release(content.length);
        }
        if (batch.length < prefetch) await gathered;
      }
      gathering.reset();
      working = false;
    };
    await channel.consume(this.#options.queue, (message) => {
      if (message === null) {
        // The queue was deleted: a new connection declares it again.
        void channel.close().catch(() => {});
        return;
      }
      budget.hold(message.content.length);
      waiting.push(message);
      if (waiting.length >= prefetch) gathering.end();
      if (working) return;
      working = true;
      // After the other frames of the same chunk, which then are part of the batch.
      this.#running = new Promise((resolve) => setImmediate(() => void work().then(resolve)));
    });
  };

  async #handle(channel: Channel, batch: readonly ConsumeMessage[], isOpen: () => boolean): Promise<void> {
    const last = batch.at(-1);
    if (last === undefined) return;
    const outcome = isSuspect(last) ? await this.#storeSuspect(last, isOpen) : await this.#store(batch, isOpen);
    if (!isOpen() || outcome === 'stopped') return;
    if (outcome === 'stored') channel.ack(last, batch.length > 1);
    // One by one: a message that cannot be stored does not take the others with it.
    else if (batch.length > 1) for (const message of batch) await this.#handle(channel, [message], isOpen);
    else {
      this.#options.poison.add(outcome === 'hopeless' ? 'unstorable' : 'never-handled', last.content);
      channel.ack(last);
    }
  }

  /** Only one of them is ever being looked into, and each beginning is on record before. */
  async #storeSuspect({ content }: ConsumeMessage, isOpen: () => boolean): Promise<BatchOutcome | 'in-vain'> {
    const { attempts } = this.#options;
    const begun = await this.#retry(isOpen, () => attempts.begin(content));
    if (begun === 'stopped' || begun === 'hopeless') return begun;
    const outcome = begun ? await this.#retry(isOpen, () => this.#options.handle([content])) : 'in-vain';
    // Also when the server stops in good order; a record that stays is one of three.
    await attempts.end(content).catch(() => {});
    return outcome === undefined ? 'stored' : outcome;
  }

  async #store(batch: readonly ConsumeMessage[], isOpen: () => boolean): Promise<BatchOutcome> {
    const bodies = batch.map((message) => message.content);
    return (await this.#retry(isOpen, () => this.#options.handle(bodies))) ?? 'stored';
  }

  /** Until it succeeds, cannot succeed, or is not wanted any more. */
  async #retry<T>(isOpen: () => boolean, work: () => Promise<T>): Promise<T | 'hopeless' | 'stopped'> {
    const { work: retried, isHopeless } = this.#options;
    while (isOpen() && !this.#stopping)
      try {
        const result = await work();
        retried.worked();
        return result;
      } catch (error) {
        if (isHopeless(error)) return 'hopeless';
        retried.failed(error);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    return 'stopped';
  }

  /** Takes nothing more; resolves when the batch under way is done. What was not stored comes to another server. */
  stop(): Promise<void> {
    this.#stopping = true;
    this.#gathering?.end();
    return this.#running;
  }
}
