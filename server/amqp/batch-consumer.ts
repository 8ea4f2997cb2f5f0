/**
 * Takes deliveries of one queue in batches: whatever has come while the batch before was being stored. A batch is
 * acknowledged when its handler has resolved, and comes back when it has not.
 */
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { toMessage } from '../../protocol/coded-error.ts';
import type { Log } from '../log.ts';
import type { LinkUser } from './link.ts';

export interface BatchConsumerOptions {
  readonly queue: string;
  /** Messages on their way at the same time: the largest batch. */
  readonly prefetch: number;
  /** From the begin of a batch to that of the next, ms, while there are fewer messages than a batch can hold: they gather. */
  readonly intervalMs?: number;
  /** Stores the batch; must be able to get the same messages again. */
  readonly handle: (bodies: readonly Buffer[]) => Promise<void>;
  /** Whether an error of `handle` would come again with the same messages. */
  readonly isHopeless: (error: unknown) => boolean;
  readonly log: Log;
}

/** So that a database that is down is not asked in a tight loop. */
const retryMs = 1000;

export class BatchConsumer {
  readonly #options: BatchConsumerOptions;
  #running: Promise<void> = Promise.resolve();

  constructor(options: BatchConsumerOptions) {
    this.#options = options;
  }

  readonly use: LinkUser = async (connection: ChannelModel) => {
    const channel = await connection.createChannel();
    let open = true;
    channel.on('error', (error) => this.#options.log.warn({ reason: toMessage(error) }, 'consumer channel failed'));
    channel.once('close', () => {
      open = false;
      // Closed alone: the link makes everything anew.
      void connection.close().catch(() => {});
    });
    const { prefetch, intervalMs = 0 } = this.#options;
    await channel.prefetch(prefetch);
    let waiting: ConsumeMessage[] = [];
    let working = false;
    const work = async (): Promise<void> => {
      while (waiting.length > 0 && open) {
        const batch = waiting;
        waiting = [];
        const gathered = new Promise((resolve) => setTimeout(resolve, intervalMs));
        await this.#handle(channel, batch, () => open);
        if (batch.length < prefetch) await gathered;
      }
      working = false;
    };
    await channel.consume(this.#options.queue, (message) => {
      if (message === null) {
        // The queue was deleted: a new connection declares it again.
        void channel.close().catch(() => {});
        return;
      }
      waiting.push(message);
      if (working) return;
      working = true;
      // After the other frames of the same chunk, which then are part of the batch.
      this.#running = new Promise((resolve) => setImmediate(() => void work().then(resolve)));
    });
  };

  async #handle(channel: Channel, batch: readonly ConsumeMessage[], isOpen: () => boolean): Promise<void> {
    const { queue, log, handle, isHopeless } = this.#options;
    const last = batch.at(-1);
    if (last === undefined) return;
    try {
      await handle(batch.map((message) => message.content));
      if (isOpen()) channel.ack(last, batch.length > 1);
    } catch (error) {
      if (!isHopeless(error)) {
        log.error({ queue, reason: toMessage(error) }, 'batch not stored, will retry');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        if (isOpen()) channel.nack(last, batch.length > 1, true);
      } else if (batch.length > 1) {
        // One by one, so that the message that cannot be stored does not take the others with it.
        for (const message of batch) await this.#handle(channel, [message], isOpen);
      } else {
        log.warn({ queue, reason: toMessage(error) }, 'message dropped that cannot be stored');
        if (isOpen()) channel.ack(last);
      }
    }
  }

  /** Resolves when the batch under way is done. */
  settled(): Promise<void> {
    return this.#running;
  }
}
