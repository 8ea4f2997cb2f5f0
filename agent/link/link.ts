/** The agent's one connection to the relay: its queue, reports, heartbeats, and the next connection after a loss. */

import { EventEmitter, once } from 'node:events';
import {
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  connect,
  type Message,
  type RecoveringChannelModel,
} from 'amqplib';
import { explainConnection } from '../../host/connection-problem.ts';
import type { Log } from '../../host/log.ts';
import { OutageLog } from '../../host/outage-log.ts';
import { guardConnections } from '../../protocol/amqplib-internals.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { maximumCommandBytes } from '../../protocol/base/limits.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { agentQueue, agentQueueArguments, agentsExchange, fleetRoutingKey } from '../../protocol/topology.ts';
import { maximumRunning } from '../verify/checks/room.ts';
import { boundDeliveries } from './bounded-deliveries.ts';
import { Heartbeats } from './heartbeats.ts';
import { closeQuietly, type PublishReport } from './publishing.ts';
import { relaySettings, toDestination, toSocketOptions } from './relay-address.ts';
import { ReportPublisher } from './report-publisher.ts';
import type { Tunnel } from './tunnel.ts';

/** What carries out that which the link brings. */
export interface DeliveryHandler {
  /** Set by the link: called when there is something to tell before the next heartbeat is due. */
  onNews: (() => void) | null;
  /** When this resolves the delivery may be acknowledged. @throws CodedError<PublishCode> when the link is lost. */
  handle(body: Buffer, publish: PublishReport, isRedelivered?: boolean): Promise<void>;
  /** Sends what was left unconfirmed. Never rejects. */
  flush(publish: PublishReport): Promise<void>;
  /** A delivery was larger than anything that an honest relay sends. */
  refuseOversized(sizeBytes: number): void;
}

export interface LinkOptions {
  readonly environment: BakedEnvironment;
  readonly agent: AgentId;
  readonly handler: DeliveryHandler;
  /** A signed heartbeat of this moment. @param link which connection since the start this is. */
  readonly makeHeartbeat: (link: number) => Buffer;
  /** A link was made, or a delivery came or was carried out. */
  readonly onActivity: () => void;
  readonly log: Log;
  readonly stateDirectory: string;
}

/** Deliveries that the agent holds at once; the broker keeps the others. More than the actions that run at once. */
const prefetch = maximumRunning + 112;
/** A run-once agent gives up when the relay was not reached within this time. */
const reachMs = 60_000;
/** How long the queue must stay empty; what was asked before the relay knew this agent comes after its first heartbeat. */
const quietMs = 3_000;
/** AMQP heartbeat: a connection that is silent for twice as long is given up. */
const amqpHeartbeatSeconds = 30;

/**
 * Waits before the next connection, in ms. Twice as long each time would leave the last agents away for another 24 s after
 * a relay's restart of 10 s: this leaves them away for 12 s, with one attempt and a half more.
 */
const reconnection = { initialDelay: 500, factor: 1.5, maxDelay: 60_000, jitter: 0.5 };

export class Link {
  readonly #options: LinkOptions;
  #connection: RecoveringChannelModel | null = null;
  readonly #heartbeats: Heartbeats;
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
    const { agent, environment, log, makeHeartbeat } = options;
    this.#heartbeats = new Heartbeats({
      agent,
      seconds: environment.heartbeatSeconds,
      make: () => makeHeartbeat(this.#links),
      log,
    });
  }

  /** Returns at once; the link is made and made again in the background until `close`. */
  async open(): Promise<void> {
    const { environment, log } = this.#options;
    guardConnections();
    const url = new URL(environment.relay.url);
    if (environment.relay.proxies.length > 0) this.#tunnel = await this.#openTunnel(url);
    url.searchParams.set('heartbeat', String(amqpHeartbeatSeconds));
    const connection = await connect(url.href, {
      ...toSocketOptions(environment.relay, url, this.#tunnel?.path ?? null),
      recovery: {
        setup: (model: ChannelModel) => this.#setUp(model),
        ...reconnection,
        waitForConnect: false,
      },
    });
    const outage = new OutageLog(log, { lost: 'relay cannot be reached', back: 'connected to the relay again' });
    const noteFailure = (error: Error): void => outage.failed({ ...explainConnection(error, relaySettings) });
    connection.once('connect', () => log.info({ address: url.host }, 'connected to the relay'));
    connection.on('connect', () => outage.recovered());
    connection.on('disconnect', noteFailure);
    connection.on('connect-failed', noteFailure);
    // What is lost by it is told when the connection ends.
    connection.on('error', () => {});
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

  async #openTunnel(url: URL): Promise<Tunnel> {
    const { environment, stateDirectory, log } = this.#options;
    const { openTunnel } = await import('./tunnel.ts');
    return openTunnel(toDestination(url), environment.relay.proxies, stateDirectory, log);
  }

  /** Rejects when the connection is lost meanwhile: it is then made again. */
  async #setUp(model: ChannelModel): Promise<void> {
    // The listeners come first: nobody else listens until this has resolved, and an error without a listener ends the agent.
    let isLost = false;
    model.on('error', () => {});
    model.once('close', () => {
      isLost = true;
    });
    const channel = await this.#openChannel(model);
    const publisher = new ReportPublisher(channel, this.#options.agent);
    model.on('error', (error) => publisher.noteError(error));
    const queue = await this.#declareQueue(channel);
    this.#links += 1;
    this.#heartbeats.beat(channel);
    this.#options.handler.onNews = () => this.#heartbeats.beat(channel);
    const { consumerTag } = await channel.consume(queue, (delivery) =>
      this.#receive(channel, delivery, publisher.publish),
    );
    if (isLost) throw new Error('the connection was lost while it was set up');
    this.#consumer = { channel, tag: consumerTag };
    this.#hold(this.#options.handler.flush(publisher.publish));
    this.#noteActivity();
  }

  async #openChannel(model: ChannelModel): Promise<ConfirmChannel> {
    const channel = await model.createConfirmChannel();
    this.#channel = channel;
    channel.on('error', (error: Error) => this.#options.log.warn({ reason: error.message }, 'error on the channel'));
    channel.on('close', () => {
      if (this.#consumer?.channel === channel) this.#consumer = null;
      this.#stopBeating();
      if (!this.#closing) model.close().catch(() => {});
    });
    boundDeliveries(channel, maximumCommandBytes, (sizeBytes, deliveryTag) => {
      this.#options.handler.refuseOversized(sizeBytes);
      this.#acknowledge(channel, { fields: { deliveryTag } } as Message);
    });
    return channel;
  }

  async #declareQueue(channel: ConfirmChannel): Promise<string> {
    const { agent, environment } = this.#options;
    const queue = agentQueue(agent);
    await channel.assertQueue(queue, { durable: true, arguments: agentQueueArguments });
    await channel.bindQueue(queue, agentsExchange, agent);
    await channel.bindQueue(queue, agentsExchange, fleetRoutingKey(environment.name));
    await channel.prefetch(prefetch);
    return queue;
  }

  #receive(channel: ConfirmChannel, delivery: ConsumeMessage | null, publish: PublishReport): void {
    if (delivery === null) {
      closeQuietly(channel);
      return;
    }
    this.#noteActivity();
    const handled = this.#options.handler.handle(delivery.content, publish, delivery.fields.redelivered);
    const done = handled.then(
      () => this.#acknowledge(channel, delivery),
      (error: unknown) => {
        this.#options.log.error({ reason: toMessage(error) }, 'could not finish a command; it will come again');
        closeQuietly(channel);
      },
    );
    this.#hold(done);
  }

  /** On a channel that is gone there is nothing to acknowledge: what was delivered comes again. */
  #acknowledge(channel: ConfirmChannel, delivery: Message): void {
    try {
      channel.ack(delivery);
    } catch (error) {
      this.#options.log.warn({ reason: toMessage(error) }, 'could not acknowledge a delivery');
    }
  }

  /** Work that is waited for before the agent ends. */
  #hold(work: Promise<void>): void {
    this.#inHand.add(work);
    const letGo = (): void => {
      this.#inHand.delete(work);
      this.#noteActivity();
    };
    work.then(letGo, letGo);
  }

  #noteActivity(): void {
    this.#activity.emit('activity');
    this.#options.onActivity();
  }

  #stopBeating(): void {
    this.#options.handler.onNews = null;
    this.#heartbeats.stop();
  }
}
