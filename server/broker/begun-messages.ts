/**
 * Room for messages of which the beginning has come. Each takes room for all of its body when its header is there: counted
 * any later, clients that never finish could fill the memory. Where there is none, what comes too slowly gives way. Small
 * messages have a room of their own, so that a few large ones keep out neither heartbeats nor most answers.
 */
import { AmqpError } from './amqp-error.ts';

export interface BegunMessage {
  /** Some of its body came. */
  readonly progress: (sizeBytes: number) => void;
  /** Gives the room back; may be called again. */
  readonly end: () => void;
}

interface Entry extends BegunMessage {
  readonly deadlineMs: () => number;
  readonly giveUp: () => void;
}

export interface RoomOptions {
  /** Bytes of all messages in it together. */
  readonly maximumBytes: number;
  /** How long a message has its place for certain, when nothing of it comes. */
  readonly patienceMs: number;
}

/** A message that comes at this rate is waited for. */
const waitedForBytesPerMs = 256;

export class Room {
  readonly #options: RoomOptions;
  /** In the order in which they began. */
  readonly #entries = new Set<Entry>();
  #bytes = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Null when there is no room.
   * @param giveUp called when others need the room; ends the message.
   */
  begin(sizeBytes: number, giveUp: () => void): BegunMessage | null {
    const { maximumBytes, patienceMs } = this.#options;
    if (sizeBytes <= maximumBytes) this.#makeRoom(sizeBytes);
    if (this.#bytes + sizeBytes > maximumBytes) return null;
    const startedMs = performance.now();
    let takenBytes = 0;
    const entry: Entry = {
      deadlineMs: () => startedMs + patienceMs + (patienceMs > 0 ? takenBytes / waitedForBytesPerMs : 0),
      giveUp,
      progress: (bytes) => {
        takenBytes += bytes;
      },
      end: () => {
        if (this.#entries.delete(entry)) this.#bytes -= sizeBytes;
      },
    };
    this.#entries.add(entry);
    this.#bytes += sizeBytes;
    return entry;
  }

  #makeRoom(sizeBytes: number): void {
    const nowMs = performance.now();
    for (const entry of this.#entries) {
      if (this.#bytes + sizeBytes <= this.#options.maximumBytes) return;
      if (entry.deadlineMs() > nowMs) continue;
      entry.end();
      entry.giveUp();
    }
  }
}

export interface BegunOptions {
  readonly large: RoomOptions;
  readonly small: RoomOptions;
}

/** Most messages are smaller: they come in one piece of the stream, or a few. */
const smallBytes = 256 * 1024;

export class BegunMessages {
  readonly #large: Room;
  readonly #small: Room;

  constructor({ large, small }: BegunOptions) {
    this.#large = new Room(large);
    this.#small = new Room(small);
  }

  /** As {@link Room.begin}. */
  begin(sizeBytes: number, giveUp: () => void): BegunMessage | null {
    return (sizeBytes <= smallBytes ? this.#small : this.#large).begin(sizeBytes, giveUp);
  }
}

/** The part of one connection: what is on its way, on all of its channels, is together no larger than the largest message. */
export class BegunOfConnection {
  readonly #all: BegunMessages;
  readonly #maximumBytes: number;
  readonly #giveUp: () => void;
  #bytes = 0;

  constructor(all: BegunMessages, maximumBytes: number, giveUp: () => void) {
    this.#all = all;
    this.#maximumBytes = maximumBytes;
    this.#giveUp = giveUp;
  }

  /**
   * Null when there is no room.
   * @throws AmqpError precondition-failed
   */
  begin(bodyBytes: number, headerBytes: number): BegunMessage | null {
    if (this.#bytes + bodyBytes > this.#maximumBytes)
      throw new AmqpError('precondition-failed', `message size ${bodyBytes} is larger than the maximum`);
    const begun = this.#all.begin(bodyBytes + headerBytes, this.#giveUp);
    if (begun === null) return null;
    this.#bytes += bodyBytes;
    let isOver = false;
    const end = (): void => {
      if (!isOver) this.#bytes -= bodyBytes;
      isOver = true;
      begun.end();
    };
    return { progress: begun.progress, end };
  }
}
