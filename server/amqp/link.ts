/** The connection to the broker, made again whenever it is lost, with the topology declared and its users set up anew. */
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { type ChannelModel, connect, type RecoveringChannelModel } from 'amqplib';
import { type ConnectionSettings, explainConnection } from '../../host/connection-problem.ts';
import type { Log } from '../../host/log.ts';
import { OutageLog } from '../../host/outage-log.ts';
import { guardConnections, socketOf } from '../../protocol/amqplib-internals.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { checkIdentity } from '../../protocol/server-identity.ts';
import type { BrokerTls } from '../certificate.ts';
import { declareTopology } from './topology.ts';

type AmqpCode = 'broker-unreachable';

/** Opens channels on a new connection; runs again after every loss. */
export type LinkUser = (connection: ChannelModel) => Promise<void>;

export interface AmqpLinkOptions {
  readonly url: string;
  readonly tls: BrokerTls;
  readonly log: Log;
}

const brokerSettings: ConnectionSettings = {
  peer: 'the broker',
  url: 'MIG_AMQP_URL',
  ca: 'MIG_AMQP_CA',
  clientCertificate: 'MIG_AMQP_CERT and MIG_AMQP_KEY',
};
const connectTimeoutMs = 10_000;
const firstRetryMs = 100;
const longestRetryMs = 5000;

export class AmqpLink {
  readonly #options: AmqpLinkOptions;
  readonly #users: LinkUser[] = [];
  readonly #outage: OutageLog;
  #connection: RecoveringChannelModel | undefined;
  #isReady = false;
  #peerCertificate: X509Certificate | null = null;
  #closed = false;

  constructor(options: AmqpLinkOptions) {
    this.#options = options;
    this.#outage = new OutageLog(options.log, { lost: 'broker cannot be reached', back: 'broker is back' });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** The broker's own certificate on the latest connection; null without TLS. */
  get peerCertificate(): X509Certificate | null {
    return this.#peerCertificate;
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
      const { reason, hint } = explainConnection(cause, brokerSettings);
      throw new CodedError<AmqpCode>('broker-unreachable', `expected an AMQP 0-9-1 broker at MIG_AMQP_URL: ${reason}`, {
        hint,
        cause,
      });
    }
    this.#connection.on('connect-failed', (error) => this.#noteFailure(error));
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
    // The end of the connection follows, with the same error.
    connection.on('error', () => {});
    let isLost = false;
    connection.once('close', (error?: Error) => {
      isLost = true;
      this.#isReady = false;
      if (!this.#closed) this.#noteFailure(error ?? new Error('Connection terminated'));
    });
    const socket = socketOf(connection);
    this.#peerCertificate = socket instanceof TLSSocket ? (socket.getPeerX509Certificate() ?? null) : null;
    await declareTopology(connection);
    for (const user of this.#users) await user(connection);
    if (isLost) throw new Error('the connection was lost while it was set up');
    if (this.#closed) throw new Error('the link was closed while it was set up');
    this.#isReady = true;
    this.#outage.recovered();
  }

  #noteFailure(error: Error): void {
    this.#outage.failed({ ...explainConnection(error, brokerSettings) });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close();
  }
}
