/** Check 4.1: larger deliveries than a command may be are thrown away as they come in; amqplib would collect them. */
import type { Channel } from 'amqplib';

/** A frame as amqplib hands it to a channel: a method with its fields, a header with a size, or content. */
interface Frame {
  readonly fields?: { readonly deliveryTag?: number };
  readonly size?: number;
  readonly content?: Buffer;
}
/** Takes a frame and gives what takes the next one. */
type Take = (this: Channel, frame: Frame) => Take;

/** @param onOversized with its size in bytes and the tag to acknowledge, when the last of it has been thrown away. */
export function boundDeliveries(
  channel: Channel,
  maximumBytes: number,
  onOversized: (sizeBytes: number, deliveryTag: number) => void,
): void {
  const internals = channel as Channel & { handleMessage: Take };
  const begin = internals.handleMessage;
  // Null for one of the agent's own messages that comes back.
  let deliveryTag: number | null = null;

  const discard =
    (sizeBytes: number, leftBytes: number, tag: number): Take =>
    (frame) => {
      const left = leftBytes - (frame.content?.length ?? 0);
      if (left > 0) return discard(sizeBytes, left, tag);
      onOversized(sizeBytes, tag);
      return bound(begin);
    };
  const bound =
    (take: Take): Take =>
    (frame) => {
      if (frame.fields !== undefined && frame.size === undefined) deliveryTag = frame.fields.deliveryTag ?? null;
      if (deliveryTag !== null && frame.size !== undefined && frame.size > maximumBytes)
        return discard(frame.size, frame.size, deliveryTag);
      return bound(take.call(channel, frame));
    };
  internals.handleMessage = bound(begin);
}
