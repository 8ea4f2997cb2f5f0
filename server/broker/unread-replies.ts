/** Stops reading from a client that does not read its replies: they would fill the memory. */
import type { Socket } from 'node:net';

/** Bytes beside those that the socket itself buffers. */
const maximumBytes = 16 * 1024;
/** A client that reads nothing for this long is cut off. */
const stalledMs = 60_000;

export class UnreadReplies {
  readonly #socket: Socket;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.#onDrain());
    socket.on('close', () => clearTimeout(this.#timer));
  }

  add(sizeBytes: number): void {
    this.#bytes += sizeBytes;
  }

  /** To be called after each piece of the client's stream. */
  pauseWhenTooMany(): void {
    // Only then does 'drain' follow.
    if (!this.#socket.writableNeedDrain) {
      this.#bytes = 0;
      return;
    }
    if (this.#bytes <= maximumBytes || this.#socket.isPaused()) return;
    this.#socket.pause();
    this.#timer = setTimeout(() => this.#socket.destroy(), stalledMs).unref();
  }

  #onDrain(): void {
    this.#bytes = 0;
    clearTimeout(this.#timer);
    if (this.#socket.isPaused()) this.#socket.resume();
  }
}
