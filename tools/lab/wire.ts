/** A wire that counts the frames of AMQP 0-9-1, or the records of TLS, that go through it, and can be cut at any of them. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Way = 'sent' | 'received';

export interface Framing {
  /** Sent by the client before its first frame; counts as one. */
  readonly greetingBytes: number;
  readonly headBytes: number;
  /** Of the whole frame, by its head. */
  readonly sizeOf: (head: Buffer) => number;
}

const amqpFraming: Framing = { greetingBytes: 8, headBytes: 7, sizeOf: (head) => 7 + head.readUInt32BE(3) + 1 };
export const tlsFraming: Framing = { greetingBytes: 0, headBytes: 5, sizeOf: (head) => 5 + head.readUInt16BE(3) };

/** Counts whole frames in a stream that comes in pieces. */
class FrameCounter {
  count = 0;
  #held = Buffer.alloc(0);
  readonly #framing: Framing;
  #greetingBytes: number;

  constructor(framing: Framing, greetingBytes: number) {
    this.#framing = framing;
    this.#greetingBytes = greetingBytes;
  }

  take(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    for (;;) {
      const bytes = this.#nextBytes();
      if (bytes === null || this.#held.length < bytes) return;
      this.#held = this.#held.subarray(bytes);
      this.#greetingBytes = 0;
      this.count += 1;
    }
  }

  #nextBytes(): number | null {
    if (this.#greetingBytes > 0) return this.#greetingBytes;
    return this.#held.length < this.#framing.headBytes ? null : this.#framing.sizeOf(this.#held);
  }
}

export interface Wire {
  /** The server's URL, through the wire. */
  readonly url: string;
  /** The next connection is reset (RST) when frame `frame` (from 0) of that way is seen. Resolves when that has happened. */
  readonly resetNextAt: (way: Way, frame: number) => Promise<void>;
  /** Lets the next connection be. */
  readonly disarm: () => void;
  /** Resets the connection that was made last. */
  readonly resetLast: () => void;
  readonly close: () => Promise<void>;
}

interface Trap {
  readonly way: Way;
  readonly frame: number;
  readonly sprung: () => void;
}

export async function startWire(serverUrl: string, framing: Framing = amqpFraming): Promise<Wire> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let trap: Trap | null = null;
  let resetLast = (): void => {};
  const server = createServer((client) => {
    const outer = connect(Number(target.port), target.hostname);
    const mine = trap;
    trap = null;
    const reset = (): void => {
      client.resetAndDestroy();
      outer.destroy();
    };
    resetLast = reset;
    for (const socket of [client, outer]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        outer.destroy();
      });
    }
    const join = (from: Socket, to: Socket, way: Way): void => {
      const frames = new FrameCounter(framing, way === 'sent' ? framing.greetingBytes : 0);
      from.on('data', (chunk: Buffer) => {
        if (mine?.way === way) {
          frames.take(chunk);
          if (frames.count > mine.frame) {
            reset();
            mine.sprung();
            return;
          }
        }
        if (!to.write(chunk)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
    };
    join(client, outer, 'sent');
    join(outer, client, 'received');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    resetNextAt: (way, frame) =>
      new Promise((resolve) => {
        trap = { way, frame, sprung: resolve };
      }),
    disarm: () => {
      trap = null;
    },
    resetLast: () => resetLast(),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
