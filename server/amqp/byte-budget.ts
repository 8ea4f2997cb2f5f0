/**
 * Bounds what a server holds of deliveries that it has not handled. RabbitMQ bounds their number alone, and a hundred may
 * be large ones: a connection whose deliveries have more bytes than the budget is not read from until some are handled.
 */
import type { ChannelModel } from 'amqplib';
import { ReadingPause } from '../../protocol/amqplib-internals.ts';

export class ByteBudget {
  readonly #maximumBytes: number;
  readonly #pause: ReadingPause;
  #heldBytes = 0;

  /** @param maximumBytes what is held is at most this and one message. */
  constructor(model: ChannelModel, maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
    this.#pause = new ReadingPause(model);
  }

  hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#heldBytes > this.#maximumBytes) this.#pause.begin();
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
    if (this.#heldBytes <= this.#maximumBytes) this.#pause.end();
  }
}
