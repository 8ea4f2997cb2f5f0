/** The connection to the broker, made again whenever it is lost, with the topology declared and its users set up anew. */

import { type ChannelModel, connect, type RecoveringChannelModel } from 'amqplib';
import { guardConnections } from '../../protocol/amqplib-internals.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { checkIdentity } from '../../protocol/server-identity.ts';
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
  #connection: RecoveringChannelModel | undefined;
  #isReady = false;
  #closed = false;

  constructor(options: AmqpLinkOptions) {
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** To be called before `start`. */
  use(user: LinkUser): void {
    this.#users.push(user);
  }

  /** @throws CodedError<AmqpCode> when the first connection cannot be had; later ones are tried until `close`. */
  async start(): Promise<void> {
    guardConnections();
    try {
      this.#connection = await this.#connect();
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
    const { log } = this.#options;
    this.#connection.on('connect-failed', (error) => log.warn({ reason: toMessage(error) }, 'broker unreachable'));
    // The connection's own listener has told of it.
    this.#connection.on('error', () => {});
  }

  #connect(): Promise<RecoveringChannelModel> {
    return connect(this.#options.url, {
      ...this.#options.tls,
      checkServerIdentity: checkIdentity,
      timeout: connectTimeoutMs,
      noDelay: true,
      keepAlive: true,
      recovery: {
        setup: (connection: ChannelModel) => this.#setUp(connection),
        initialMaxRetries: 0,
        initialDelay: firstRetryMs,
        maxDelay: longestRetryMs,
        // The servers of a fleet do not all come back in the same moment.
        jitter: 0.5,
      },
    });
  }

  /** Rejects when the connection is lost meanwhile: it is then made again. */
  async #setUp(connection: ChannelModel): Promise<void> {
    connection.on('error', (error) => this.#options.log.warn({ reason: toMessage(error) }, 'broker connection failed'));
    let isLost = false;
    connection.once('close', () => {
      isLost = true;
      this.#isReady = false;
    });
    await declareTopology(connection);
    for (const user of this.#users) await user(connection);
    if (isLost) throw new Error('the connection was lost while it was set up');
    if (this.#closed) throw new Error('the link was closed while it was set up');
    this.#isReady = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close();
  }
}
