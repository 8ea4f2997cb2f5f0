/** Check 4.1: larger deliveries than a command may be are thrown away as they come in; amqplib would collect them. */
import type { Channel } from 'amqplib';
import { type TakeFrame, wrapFrames } from '../../protocol/amqplib-internals.ts';

/** @param onOversized with its size in bytes and the tag to acknowledge, when the last of it has been thrown away. */
export function boundDeliveries(
  channel: Channel,
  maximumBytes: number,
  onOversized: (sizeBytes: number, deliveryTag: number) => void,
): void {
  // Null for one of the agent's own messages that comes back.
  let deliveryTag: number | null = null;

  wrapFrames(channel, (begin) => {
    const discard =
      (sizeBytes: number, leftBytes: number, tag: number): TakeFrame =>
      (frame) => {
        const left = leftBytes - (frame.content?.length ?? 0);
        if (left > 0) return discard(sizeBytes, left, tag);
        onOversized(sizeBytes, tag);
        return bound(begin);
      };
    const bound =
      (take: TakeFrame): TakeFrame =>
      (frame) => {
        if (frame.fields !== undefined && frame.size === undefined) deliveryTag = frame.fields.deliveryTag ?? null;
        if (deliveryTag !== null && frame.size !== undefined && frame.size > maximumBytes)
          return discard(frame.size, frame.size, deliveryTag);
        return bound(take.call(channel, frame));
      };
    return bound(begin);
  });
}
