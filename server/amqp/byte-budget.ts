/**
 * Bounds what a server holds of deliveries that it has not handled. RabbitMQ bounds their number alone, and a hundred may
 * be large ones: a connection whose deliveries have more bytes than the budget is not read from until some are handled.
 */
import type { ChannelModel } from 'amqplib';

/** The parts of amqplib's connection that reading goes through. */
interface ReadingConnection {
  recvFrame: () => unknown;
  recvSinceLastCheck: boolean;
  readonly stream: { emit(event: 'readable'): boolean };
}

/** More often than heartbeats are looked for. */
const signOfLifeMs = 1000;

export class ByteBudget {
  readonly #maximumBytes: number;
  readonly #connection: ReadingConnection;
  #heldBytes = 0;
  #paused: NodeJS.Timeout | undefined;

  /** @param maximumBytes what is held is at most this and one message. */
  constructor(model: ChannelModel, maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
    const connection = model.connection as unknown as ReadingConnection;
    this.#connection = connection;
    const receive = connection.recvFrame;
    connection.recvFrame = () => (this.#paused === undefined ? receive.call(connection) : false);
    model.once('close', () => this.#resume());
  }

  hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#heldBytes > this.#maximumBytes && this.#paused === undefined) this.#pause();
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
    if (this.#heldBytes <= this.#maximumBytes && this.#paused !== undefined) {
      this.#resume();
      this.#connection.stream.emit('readable');
    }
  }

  /** The peer is silent because it is not listened to. */
  #pause(): void {
    this.#paused = setInterval(() => {
      this.#connection.recvSinceLastCheck = true;
    }, signOfLifeMs);
  }

  #resume(): void {
    clearInterval(this.#paused);
    this.#paused = undefined;
  }
}
