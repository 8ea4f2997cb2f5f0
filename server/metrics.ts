/** Metrics for Prometheus: numbers and names of states, no hosts, people or contents. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { sumCounts } from './database/actions.ts';
import { countAgentsByStatus } from './database/agents.ts';
import { countOutbox } from './database/outbox.ts';
import type { Db } from './database/schema.ts';

export interface MetricSources {
  readonly db: Db;
  readonly isBrokerReady: () => boolean;
  /** Event streams that are open. */
  readonly followers: ReadonlySet<unknown>;
}

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
    this.#poison = new Counter({
      name: 'mig_poison_messages_total',
      help: 'Messages that were not taken, by reason',
      labelNames: ['reason'],
      registers,
    });
  }

  /** Gauges that are read at each scrape. */
  observe({ db, isBrokerReady, followers }: MetricSources): void {
    const registers = [this.registry];
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
          for (const { labels, value } of await read()) this.set(labels, value);
        },
      });
    gauge('mig_commands', 'Commands of the actions that are kept, by state', ['state'], async () =>
      Object.entries(await sumCounts(db)).map(([state, value]) => ({ labels: { state }, value })),
    );
    gauge('mig_agents', 'Agents that are kept, by status', ['status'], async () =>
      (await countAgentsByStatus(db)).map(({ status, count }) => ({ labels: { status }, value: count })),
    );
    gauge('mig_outbox_commands', 'Commands and cancellations that the broker has not confirmed', [], async () => [
      { labels: {}, value: await countOutbox(db) },
    ]);
    gauge('mig_event_streams', 'Actions that are being followed through this server', [], async () => [
      { labels: {}, value: followers.size },
    ]);
    gauge('mig_broker_connected', '1 while this server is connected to the broker', [], async () => [
      { labels: {}, value: isBrokerReady() ? 1 : 0 },
    ]);
  }

  request(method: string, route: string, status: number, elapsedMs: number): void {
    this.#requests.observe({ method, route, status }, elapsedMs / 1000);
  }

  message(kind: string): void {
    this.#messages.inc({ kind });
  }

  poison(reason: string): void {
    this.#poison.inc({ reason });
  }
}

type Readings<Label extends string> = readonly {
  readonly labels: Partial<Record<Label, string>>;
  readonly value: number;
}[];
