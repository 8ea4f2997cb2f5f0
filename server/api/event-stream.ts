/** One response as a stream of server-sent events: waits for slow readers, and can be woken for more. */
import type { ServerResponse } from 'node:http';

export interface StreamEvent {
  readonly event: string;
  /** Without line breaks; JSON on one line has none. */
  readonly data: string;
  readonly id?: number;
}

/** How long a reader may take none of what it is sent. */
const stallMs = 30_000;

export class EventStream {
  readonly #response: ServerResponse;
  #woken = false;
  #wake: (() => void) | undefined;
  #opened = false;
  #closed = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Sends the head; until then the response is untouched. */
  open(): void {
    this.#opened = true;
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // Without it, nginx collects events before it passes them on.
      'x-accel-buffering': 'no',
    });
    this.#response.flushHeaders();
    this.#response.socket?.setNoDelay(true);
    this.#response.on('error', () => this.close());
    this.#response.on('close', () => this.close());
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** All in one write. Resolves when the reader can take more. */
  async send(...events: readonly StreamEvent[]): Promise<void> {
    if (this.#closed) return;
    this.#response.cork();
    let isRoom = true;
    for (const { event, data, id } of events) {
      const head = id === undefined ? '' : `id: ${id}\n`;
      isRoom = this.#response.write(`${head}event: ${event}\ndata: ${data}\n\n`);
    }
    this.#response.uncork();
    if (isRoom) return;
    await new Promise<void>((resolve) => {
      // Others wait for the memory that this one holds; the client comes back with what it has seen.
      const stalled = setTimeout(() => this.#response.destroy(), stallMs);
      const done = (): void => {
        clearTimeout(stalled);
        this.#response.off('drain', done);
        this.#response.off('close', done);
        resolve();
      };
      this.#response.on('drain', done);
      this.#response.on('close', done);
    });
  }

  comment(): void {
    if (!this.#closed && !this.#response.writableNeedDrain) this.#response.write(':\n\n');
  }

  /** There is something new; remembered when nobody waits. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  async untilWoken(): Promise<void> {
    if (!this.#woken && !this.#closed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#wake = undefined;
    this.#woken = false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#opened) this.#response.end();
    this.wake();
  }
}
