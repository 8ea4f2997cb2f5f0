/** Heartbeats on one channel after the other. */
import type { Channel } from 'amqplib';
import type { Log } from '../../host/log.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { heartbeatsExchange, heartbeatTtlMs } from '../../protocol/topology.ts';

export interface HeartbeatOptions {
  readonly agent: AgentId;
  readonly seconds: number;
  readonly make: () => Buffer;
  readonly log: Log;
}

export class Heartbeats {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** One heartbeat now, the next ones spread by a tenth around the interval so that a fleet does not beat in step. */
  beat(channel: Channel): void {
    this.stop();
    const { agent, seconds, make, log } = this.#options;
    try {
      channel.publish(heartbeatsExchange, agent, make(), { expiration: heartbeatTtlMs });
    } catch (error) {
      // A disk that is full now may have room next time.
      log.warn({ reason: toMessage(error) }, 'could not send a heartbeat');
    }
    const spread = 0.95 + Math.random() * 0.1;
    this.#timer = setTimeout(() => this.beat(channel), seconds * 1000 * spread);
    this.#timer.unref();
  }
}
