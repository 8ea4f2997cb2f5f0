/**
 * The poison queue: messages that no agent may send. They are counted, and the beginning of each is kept in a queue of the
 * broker for the operator. Nothing else happens with them.
 */
import type { Channel, ChannelModel } from 'amqplib';
import type { Log } from '../../host/log.ts';
import { poisonExchange } from '../../protocol/topology.ts';
import type { LinkUser } from '../amqp/link.ts';
import type { Metrics } from '../metrics.ts';

/** Reasons for not taking a message. */
const reasons = [
  'agent-message-malformed',
  'agent-message-forged',
  'unexpected-kind',
  'unknown-command',
  'heartbeat-out-of-time',
  /** No database can hold it. */
  'unstorable',
  /** Its handling was begun three times, and each time the server ended. */
  'never-handled',
] as const;
export type PoisonReason = (typeof reasons)[number];

/** The part of a message that is kept. */
const keptBytes = 16 * 1024;

export class PoisonQueue {
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly counts = new Map<PoisonReason, number>();
  #channel: Channel | undefined;

  constructor(log: Log, metrics: Metrics) {
    this.#log = log;
    this.#metrics = metrics;
    for (const reason of reasons) metrics.poison(reason, 0);
  }

  readonly use: LinkUser = async (connection: ChannelModel) => {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
      // Closed alone: the link makes everything anew.
      void connection.close().catch(() => {});
    });
    this.#channel = channel;
  };

  add(reason: PoisonReason, message: Buffer): void {
    const count = (this.counts.get(reason) ?? 0) + 1;
    this.counts.set(reason, count);
    this.#metrics.poison(reason, 1);
    // Powers of two: whoever sends such messages without end does not fill the log.
    if ((count & (count - 1)) === 0) this.#log.warn({ reason, count }, 'agent message not taken');
    // A wrong clock needs no look at the message.
    if (reason !== 'heartbeat-out-of-time') this.#keep(reason, message);
  }

  #keep(reason: PoisonReason, message: Buffer): void {
    try {
      const headers = { reason, bytes: message.length };
      this.#channel?.publish(poisonExchange, reason, message.subarray(0, keptBytes), { headers, persistent: true });
    } catch {
      // The channel is closing; the count is what matters.
    }
  }
}
