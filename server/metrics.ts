/** Metrics for Prometheus: numbers and names of states, no hosts, people or contents. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AgentMessage } from '../protocol/agent-message/agent-message.ts';
import { AgentStatus } from '../protocol/api/api.ts';
import type { CertificateWatch } from './certificate-ends.ts';
import { sumCounts } from './database/actions.ts';
import { countAgentsByStatus } from './database/agents.ts';
import type { Database } from './database/database.ts';
import { countOutbox } from './database/outbox.ts';

export interface MetricSources {
  readonly database: Database;
  readonly isBrokerReady: () => boolean;
  /** Event streams that are open. */
  readonly followers: ReadonlySet<unknown>;
  readonly certificates: CertificateWatch;
}

type MessageKind = AgentMessage['kind'];
const messageKinds = Object.keys({
  heartbeat: true,
  running: true,
  result: true,
  refusal: true,
} satisfies Record<MessageKind, true>);

export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #messages: Counter<'kind'>;
  readonly #poison: Counter<'reason'>;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Histogram({
      name: 'mig_http_request_duration_seconds',
      help: 'Requests to the API by method, route and status; an event stream takes until its end',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.#messages = new Counter({
      name: 'mig_agent_messages_total',
      help: 'Genuine messages of agents by kind',
      labelNames: ['kind'],
      registers,
    });
    for (const kind of messageKinds) this.#messages.inc({ kind }, 0);
    this.#poison = new Counter({
      name: 'mig_poison_messages_total',
      help: 'Messages that were not taken, by reason',
      labelNames: ['reason'],
      registers,
    });
  }

  /** Gauges that are read at each scrape. */
  observe({ database, isBrokerReady, followers, certificates }: MetricSources): void {
    const { db } = database;
    const registers = [this.registry];
    // One question for all gauges of a scrape: without the database, those that are read from it are absent.
    let asked: Promise<boolean> | undefined;
    const isDatabaseReady = (): Promise<boolean> => {
      asked ??= database.isReady().finally(() => {
        asked = undefined;
      });
      return asked;
    };
    const stored =
      <Label extends string>(read: () => Promise<Readings<Label>>) =>
      async (): Promise<Readings<Label>> =>
        (await isDatabaseReady()) ? read() : [];
    const gauge = <Label extends string>(
      name: string,
      help: string,
      labelNames: Label[],
      read: () => Promise<Readings<Label>>,
    ) =>
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        async collect() {
          this.reset();
          // Else one without labels would be 0 when it cannot be read.
          if (labelNames.length === 0) this.remove();
          for (const { labels, value } of await read()) this.set(labels, value);
        },
      });
    gauge(
      'mig_commands',
      'Commands of the actions that are kept, by state',
      ['state'],
      stored(async () => Object.entries(await sumCounts(db)).map(([state, value]) => ({ labels: { state }, value }))),
    );
    gauge(
      'mig_agents',
      'Agents that are kept, by status',
      ['status'],
      stored(async () => {
        const counts = new Map((await countAgentsByStatus(db)).map(({ status, count }) => [status, count]));
        return AgentStatus.options.map((status) => ({ labels: { status }, value: counts.get(status) ?? 0 }));
      }),
    );
    gauge(
      'mig_outbox_commands',
      'Commands and cancellations that the broker has not confirmed',
      [],
      stored(async () => [{ labels: {}, value: await countOutbox(db) }]),
    );
    gauge('mig_event_streams', 'Actions that are being followed through this server', [], async () => [
      { labels: {}, value: followers.size },
    ]);
    gauge('mig_database_connected', '1 while the database answers this server', [], async () => [
      { labels: {}, value: (await isDatabaseReady()) ? 1 : 0 },
    ]);
    gauge(
      'mig_certificate_expiry_timestamp_seconds',
      'When the certificates end that this server shows or trusts, in seconds since 1970',
      ['certificate'],
      async () =>
        [...certificates.ends].map(([certificate, end]) => ({ labels: { certificate }, value: end.getTime() / 1000 })),
    );
    gauge('mig_broker_connected', '1 while this server is connected to the broker', [], async () => [
      { labels: {}, value: isBrokerReady() ? 1 : 0 },
    ]);
  }

  request(method: string, route: string, status: number, elapsedMs: number): void {
    this.#requests.observe({ method, route, status }, elapsedMs / 1000);
  }

  message(kind: MessageKind): void {
    this.#messages.inc({ kind });
  }

  /** @param count 0 shows the reason before its first message. */
  poison(reason: string, count: number): void {
    this.#poison.inc({ reason }, count);
  }
}

type Readings<Label extends string> = readonly {
  readonly labels: Partial<Record<Label, string>>;
  readonly value: number;
}[];
