/** A wire that counts AMQP 0-9-1 frames, or TLS records, and can be cut at any of them. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Direction = 'sent' | 'received';

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
  /** Of the whole frames. */
  bytes = 0;
  #held = Buffer.alloc(0);
  readonly #framing: Framing;
  #greetingBytes: number;

  constructor(framing: Framing, greetingBytes: number) {
    this.#framing = framing;
    this.#greetingBytes = greetingBytes;
  }

  /** Goes no further than `most` frames. */
  take(chunk: Buffer, most: number): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.count < most) {
      const bytes = this.#nextBytes();
      if (bytes === null || this.#held.length < bytes) return;
      this.#held = this.#held.subarray(bytes);
      this.#greetingBytes = 0;
      this.count += 1;
      this.bytes += bytes;
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
  /**
   * Resets (RST) the next connection instead of passing frame `frame` (from 0) of that direction; earlier frames go
   * through. Resolves after the reset.
   */
  readonly resetNextAt: (direction: Direction, frame: number) => Promise<void>;
  /** On the next connection a malformed frame comes in one piece with frame `frame` from the server. */
  readonly spoilNextAt: (frame: number) => void;
  /** Leaves the next connection alone. */
  readonly disarm: () => void;
  /** Resets the connection that was made last. */
  readonly resetLast: () => void;
  /** Number of frames in that direction on the latest connection. */
  readonly framesOfLast: (direction: Direction) => number;
  readonly close: () => Promise<void>;
}

/** Its last byte is not the end of a frame. */
const noFrame = Buffer.from([1, 0, 0, 0, 0, 0, 1, 0, 0]);

interface Trap {
  readonly direction: Direction;
  readonly frame: number;
  readonly sprung: () => void;
}

interface Passage {
  /** `isCut`: the chunk has a part of the frame that must not go through. */
  readonly take: (chunk: Buffer) => { readonly isCut: boolean; readonly through: Buffer };
  readonly count: () => number;
}

function newPassage(framing: Framing, greetingBytes: number, cutAt: number): Passage {
  const frames = new FrameCounter(framing, greetingBytes);
  let passedBytes = 0;
  return {
    take: (chunk) => {
      frames.take(chunk, cutAt);
      const startBytes = frames.bytes - passedBytes;
      const isCut = frames.count === cutAt && startBytes < chunk.length;
      passedBytes += chunk.length;
      return { isCut, through: isCut ? chunk.subarray(0, Math.max(0, startBytes)) : chunk };
    },
    count: () => frames.count,
  };
}

export async function startWire(serverUrl: string, framing: Framing = amqpFraming): Promise<Wire> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let trap: Trap | null = null;
  let resetLast = (): void => {};
  /** Of the next connection, from the server. */
  let spoilt = Number.POSITIVE_INFINITY;
  let framesOfLast = (_direction: Direction): number => 0;
  const server = createServer((client) => {
    const outer = connect(Number(target.port), target.hostname);
    const mine = trap;
    trap = null;
    let spoiltAt = spoilt + 1;
    spoilt = Number.POSITIVE_INFINITY;
    const reset = (): void => {
      client.resetAndDestroy();
      outer.destroy();
    };
    resetLast = reset;
    const passages: Readonly<Record<Direction, Passage>> = {
      sent: newPassage(
        framing,
        framing.greetingBytes,
        mine?.direction === 'sent' ? mine.frame : Number.POSITIVE_INFINITY,
      ),
      received: newPassage(framing, 0, mine?.direction === 'received' ? mine.frame : Number.POSITIVE_INFINITY),
    };
    framesOfLast = (direction) => passages[direction].count();
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
    const join = (from: Socket, to: Socket, direction: Direction): void => {
      from.on('data', (chunk: Buffer) => {
        const { isCut, through } = passages[direction].take(chunk);
        const isSpoilt = direction === 'received' && passages.received.count() >= spoiltAt;
        if (isSpoilt) spoiltAt = Number.POSITIVE_INFINITY;
        const isTaken = to.write(isSpoilt ? Buffer.concat([through, noFrame]) : through);
        if (isCut) {
          reset();
          mine?.sprung();
          return;
        }
        if (!isTaken) {
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
    resetNextAt: (direction, frame) =>
      new Promise((resolve) => {
        trap = { direction, frame, sprung: resolve };
      }),
    spoilNextAt: (frame) => {
      spoilt = frame;
    },
    disarm: () => {
      trap = null;
    },
    resetLast: () => resetLast(),
    framesOfLast: (direction) => framesOfLast(direction),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
