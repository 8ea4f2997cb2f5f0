/** A message inside the broker, and what waits for its fate. */

export interface Message {
  readonly exchange: string;
  readonly routingKey: string;
  /** Payload of the content header frame, passed on as it came. */
  readonly header: Buffer;
  readonly body: Buffer;
  /** The publisher's `expiration`. */
  readonly timeToLiveMs: number | undefined;
}

/** One message in one queue. */
export interface QueuedMessage {
  readonly message: Message;
  /** Rises within the queue; a message that comes back takes its old place. */
  readonly position: number;
  readonly expiresAtMs: number | undefined;
  redelivered: boolean;
  /** Called once, when the message has left the queue for good. */
  readonly onSettled: (() => void) | undefined;
}

/** Memory of a message beside its bytes: most of a small one. */
const overheadBytes = 1024;

export function sizeOf(message: Message): number {
  return message.header.length + message.body.length + overheadBytes;
}
