/** The agent's one outbound connection to the relay: its queue, confirmed reports, heartbeats, and coming back after a loss. */

import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { isIP } from 'node:net';
import {
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  connect,
  type Message,
  type RecoveringChannelModel,
} from 'amqplib';
import type { Logger } from 'pino';
import { toMessage } from '../protocol/coded-error.ts';
import type { BakedEnvironment } from '../protocol/environment.ts';
import type { AgentId } from '../protocol/identifiers.ts';
import { maximumCommandBytes } from '../protocol/limits.ts';
import {
  agentQueue,
  agentQueueArguments,
  agentsExchange,
  fleetRoutingKey,
  heartbeatsExchange,
  heartbeatTtlMs,
  resultsExchange,
} from '../protocol/topology.ts';
import { boundDeliveries } from './bounded-deliveries.ts';
import type { CommandHandler, PublishReport } from './command-handler.ts';
import type { Tunnel } from './tunnel.ts';

export interface LinkOptions {
  readonly environment: BakedEnvironment;
  readonly agent: AgentId;
  readonly handler: CommandHandler;
  /** A signed heartbeat of this moment. @param link which connection since the start this is. */
  readonly makeHeartbeat: (link: number) => Buffer;
  /** A link was made, or a delivery came or was carried out. */
  readonly onActivity: () => void;
  readonly log: Logger;
  readonly stateDirectory: string;
}

/** Deliveries that the agent holds at once; the broker keeps the others. */
const prefetch = 16;
const tcpKeepAliveMs = 30_000;
const handshakeTimeoutMs = 20_000;
/** A run-once agent gives up when the relay was not reached within this time. */
const reachMs = 60_000;
/** How long the queue must stay empty; what was asked before the relay knew this agent comes after its first heartbeat. */
const quietMs = 3_000;
/** AMQP heartbeat: a connection that is silent for twice as long is given up. */
const amqpHeartbeatSeconds = 30;

/** Of AMQP 0-9-1 without and with TLS (IANA). */
const defaultPorts: Readonly<Record<string, number>> = { 'amqp:': 5672, 'amqps:': 5671 };

/** The name for TLS to ask for (RFC 6066, 3), which an address is not. */
function toServerName(hostname: string): { readonly servername?: string } {
  return isIP(hostname.replaceAll(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {};
}

function toTlsOptions({ ca, clientCertificate }: BakedEnvironment['relay']) {
  return {
    ...(ca === null ? {} : { ca: [ca] }),
    ...(clientCertificate === null ? {} : { cert: clientCertificate.certificate, key: clientCertificate.key }),
  };
}

export class Link {
  readonly #options: LinkOptions;
  #connection: RecoveringChannelModel | null = null;
  #heartbeatTimer: NodeJS.Timeout | null = null;
  #tunnel: Tunnel | null = null;
  /** The latest one; it may be gone. */
  #channel: ConfirmChannel | null = null;
  #closing = false;
  #links = 0;
  #consumer: { readonly channel: ConfirmChannel; readonly tag: string } | null = null;
  /** Deliveries that are being carried out. */
  readonly #inHand = new Set<Promise<void>>();
  readonly #activity = new EventEmitter<{ activity: [] }>();

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Returns at once; the link is made and made again in the background until `close`. */
  async open(): Promise<void> {
    const { environment, log } = this.#options;
    const url = new URL(environment.relay.url);
    if (environment.relay.proxies.length > 0) this.#tunnel = await this.#openTunnel(url);
    url.searchParams.set('heartbeat', String(amqpHeartbeatSeconds));
    const connection = await connect(url.href, {
      ...toTlsOptions(environment.relay),
      ...(this.#tunnel === null ? {} : { path: this.#tunnel.path }),
      ...(url.protocol === 'amqps:' ? { minVersion: 'TLSv1.2', ...toServerName(url.hostname) } : {}),
      keepAlive: true,
      keepAliveDelay: tcpKeepAliveMs,
      timeout: handshakeTimeoutMs,
      noDelay: true,
      recovery: {
        setup: (model: ChannelModel) => this.#setUp(model),
        initialDelay: 500,
        maxDelay: 60_000,
        jitter: 0.5,
        waitForConnect: false,
      },
    });
    connection.on('connect', () => log.info('connected to the relay'));
    connection.on('disconnect', (error: Error) => log.warn({ reason: error.message }, 'lost the relay'));
    connection.on('connect-failed', (error: Error) => log.warn({ reason: error.message }, 'could not reach the relay'));
    connection.on('error', (error: Error) => log.warn({ reason: error.message }, 'error on the link'));
    this.#connection = connection;
  }

  /** Takes nothing more and waits until what is in hand has been answered, but not longer than told. */
  async drain(graceMs: number): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = null;
    // A channel that is gone delivers nothing either.
    await consumer?.channel.cancel(consumer.tag).catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.allSettled(this.#inHand), grace]);
    clearTimeout(timer);
  }

  /** Resolves when the relay has been reached and nothing has come or been carried out for a while. */
  async untilIdle(): Promise<'idle' | 'unreachable'> {
    const startedMs = Date.now();
    for (;;) {
      const isReached = this.#consumer !== null;
      const leftMs = isReached ? quietMs : startedMs + reachMs - Date.now();
      if (leftMs <= 0) return 'unreachable';
      if (this.#inHand.size > 0) await Promise.allSettled(this.#inHand);
      else if (!(await this.#nextActivity(leftMs)) && isReached) return 'idle';
    }
  }

  /** Whether something happened on the link before the time was up. */
  async #nextActivity(timeoutMs: number): Promise<boolean> {
    const giveUp = new AbortController();
    // A timer that keeps the process alive, unlike that of AbortSignal.timeout.
    const timer = setTimeout(() => giveUp.abort(), timeoutMs);
    const happened = once(this.#activity, 'activity', { signal: giveUp.signal });
    const isActive = await happened.then(
      () => true,
      () => false,
    );
    clearTimeout(timer);
    return isActive;
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#stopBeating();
    // Also waits until the relay has what was acknowledged last: the end of the connection would overtake it.
    await this.#channel?.close().catch(() => {});
    await this.#connection?.close();
    this.#tunnel?.close();
  }

  async #openTunnel({ hostname, port, protocol }: URL): Promise<Tunnel> {
    const { environment, stateDirectory, log } = this.#options;
    const { openTunnel } = await import('./tunnel.ts');
    const host = hostname.replaceAll(/^\[|\]$/g, '');
    const to = { host, port: port === '' ? (defaultPorts[protocol] ?? 5671) : Number(port) };
    return openTunnel(to, environment.relay.proxies, stateDirectory, log);
  }

  async #setUp(model: ChannelModel): Promise<void> {
    const channel = await model.createConfirmChannel();
    this.#channel = channel;
    boundDeliveries(channel, maximumCommandBytes, (sizeBytes, deliveryTag) => {
      this.#options.handler.refuseOversized(sizeBytes);
      channel.ack({ fields: { deliveryTag } } as Message);
    });
    // Each report in hand listens for its own return and for the end of the channel.
    channel.setMaxListeners(4 * prefetch);
    channel.on('error', (error: Error) => this.#options.log.warn({ reason: error.message }, 'error on the channel'));
    channel.on('close', () => {
      this.#consumer = null;
      this.#stopBeating();
      if (!this.#closing) model.close().catch(() => {});
    });
    const queue = agentQueue(this.#options.agent);
    await channel.assertQueue(queue, { durable: true, arguments: agentQueueArguments });
    await channel.bindQueue(queue, agentsExchange, this.#options.agent);
    await channel.bindQueue(queue, agentsExchange, fleetRoutingKey(this.#options.environment.name));
    await channel.prefetch(prefetch);
    const publish: PublishReport = (message) => this.#publishReport(channel, message);
    this.#links += 1;
    this.#beat(channel);
    this.#options.handler.onNews = () => this.#beat(channel);
    await this.#options.handler.flush(publish);
    const { consumerTag } = await channel.consume(queue, (delivery) => this.#receive(channel, delivery, publish));
    this.#consumer = { channel, tag: consumerTag };
    this.#noteActivity();
  }

  #receive(channel: ConfirmChannel, delivery: ConsumeMessage | null, publish: PublishReport): void {
    if (delivery === null) {
      channel.close().catch(() => {});
      return;
    }
    this.#noteActivity();
    const done = this.#options.handler.handle(delivery.content, publish).then(
      () => channel.ack(delivery),
      (error: unknown) => {
        this.#options.log.error({ reason: toMessage(error) }, 'could not finish a command; it will come again');
        channel.close().catch(() => {});
      },
    );
    this.#inHand.add(done);
    done.then(() => {
      this.#inHand.delete(done);
      this.#noteActivity();
    });
  }

  #noteActivity(): void {
    this.#activity.emit('activity');
    this.#options.onActivity();
  }

  /** Rejects when the broker has nowhere to put the report: it must not be confirmed into nothing. */
  #publishReport(channel: ConfirmChannel, message: Buffer): Promise<void> {
    const messageId = randomUUID();
    return new Promise((resolve, reject) => {
      let isReturned = false;
      const onReturn = ({ properties }: Message): void => {
        if (properties.messageId === messageId) isReturned = true;
      };
      const onLost = (): void => settle(new Error('the link was lost before the broker confirmed'));
      const settle = (error: unknown): void => {
        channel.off('close', onLost);
        channel.off('return', onReturn);
        if (isReturned) reject(new Error('the broker has no queue for reports yet'));
        else if (error === null || error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error(String(error)));
      };
      channel.once('close', onLost);
      channel.on('return', onReturn);
      const options = { persistent: true, mandatory: true, messageId };
      channel.publish(resultsExchange, this.#options.agent, message, options, settle);
    });
  }

  #stopBeating(): void {
    this.#options.handler.onNews = null;
    if (this.#heartbeatTimer !== null) clearTimeout(this.#heartbeatTimer);
  }

  /** One heartbeat now, the next ones spread by a tenth around the interval so that a fleet does not beat in step. */
  #beat(channel: ConfirmChannel): void {
    if (this.#heartbeatTimer !== null) clearTimeout(this.#heartbeatTimer);
    if (this.#closing) return;
    try {
      channel.publish(heartbeatsExchange, this.#options.agent, this.#options.makeHeartbeat(this.#links), {
        expiration: heartbeatTtlMs,
      });
    } catch (error) {
      // A disk that is full now may have room next time.
      this.#options.log.warn({ reason: toMessage(error) }, 'could not send a heartbeat');
    }
    const spread = 0.95 + Math.random() * 0.1;
    this.#heartbeatTimer = setTimeout(
      () => this.#beat(channel),
      this.#options.environment.heartbeatSeconds * 1000 * spread,
    );
    this.#heartbeatTimer.unref();
  }
}
