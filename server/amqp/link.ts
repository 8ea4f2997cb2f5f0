/** The connection to the broker, made again whenever it is lost, with the topology declared and its users set up anew. */
import { type ChannelModel, connect } from 'amqplib';
import { guardConnections } from '../../protocol/amqp-errors.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { BrokerTls } from '../certificate.ts';
import type { Log } from '../log.ts';
import { declareTopology } from './topology.ts';

type AmqpCode = 'broker-unreachable';

/** Opens channels on a new connection; runs again after every loss. */
export type LinkUser = (connection: ChannelModel) => Promise<void>;

export interface AmqpLinkOptions {
  readonly url: string;
  readonly tls: BrokerTls;
  readonly log: Log;
}

const connectTimeoutMs = 10_000;
const firstRetryMs = 100;
const longestRetryMs = 5000;

export class AmqpLink {
  readonly #options: AmqpLinkOptions;
  readonly #users: LinkUser[] = [];
  #connection: ChannelModel | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = firstRetryMs;
  #closed = false;

  constructor(options: AmqpLinkOptions) {
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#connection !== undefined;
  }

  /** To be called before `start`. */
  use(user: LinkUser): void {
    this.#users.push(user);
  }

  /** @throws CodedError<AmqpCode> when the first connection cannot be had; later ones are tried until `close`. */
  async start(): Promise<void> {
    guardConnections();
    try {
      await this.#connect();
    } catch (cause) {
      throw new CodedError<AmqpCode>(
        'broker-unreachable',
        `expected an AMQP 0-9-1 broker at MIG_AMQP_URL: ${toMessage(cause)}`,
        {
          hint: 'check host, port, user, password and virtual host; the URL looks like amqps://server:secret@host:5671/mig',
          cause,
        },
      );
    }
  }

  async #connect(): Promise<void> {
    const connection = await connect(this.#options.url, {
      ...this.#options.tls,
      timeout: connectTimeoutMs,
      noDelay: true,
      keepAlive: true,
    });
    connection.on('error', (error) => this.#options.log.warn({ reason: toMessage(error) }, 'broker connection failed'));
    let isLost = false;
    connection.once('close', () => {
      isLost = true;
    });
    try {
      await declareTopology(connection);
      for (const user of this.#users) await user(connection);
      if (isLost) throw new Error('the connection was lost while it was set up');
      if (this.#closed) throw new Error('the link was closed while it was set up');
    } catch (error) {
      await connection.close().catch(() => {});
      throw error;
    }
    // Not before: until here whoever called tries again.
    connection.once('close', () => this.#onLost());
    this.#connection = connection;
    this.#retryMs = firstRetryMs;
  }

  #onLost(): void {
    this.#connection = undefined;
    if (this.#closed) return;
    // Half of the delay is random, so that the servers of a fleet do not all come back in the same moment.
    const delayMs = this.#retryMs * (0.5 + Math.random() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    this.#retry = setTimeout(() => {
      this.#connect().catch((error) => {
        this.#options.log.warn({ reason: toMessage(error) }, 'broker unreachable');
        this.#onLost();
      });
    }, delayMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#connection?.close().catch(() => {});
  }
}
