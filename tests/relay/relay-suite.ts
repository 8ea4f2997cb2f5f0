/** Suites of tests that run once for each pair of database and broker, on a relay of their own. */
import { after, describe } from 'node:test';
import type { RunningServer } from '../../server/server.ts';
import type { SimulatedAgent } from '../../tools/lab/simulated-agent.ts';
import { BenchAgents } from './bench-agents.ts';
import { type Bench, createEmbeddedBench, createServicesBench } from './pairs.ts';
import type { TestInvestigator } from './test-investigator.ts';

export class Relay {
  readonly bench: Bench;
  readonly agents: BenchAgents;
  #server: RunningServer | undefined;

  constructor(bench: Bench) {
    this.bench = bench;
    this.agents = new BenchAgents(bench);
  }

  get alice(): TestInvestigator {
    return this.bench.alice;
  }

  get server(): RunningServer {
    if (this.#server === undefined) throw new Error('expected a server, start() makes one');
    return this.#server;
  }

  /** Logs in Alice, and others who were admitted before. */
  async start(...others: readonly TestInvestigator[]): Promise<void> {
    await this.restart();
    for (const other of others) this.bench.point(other, this.server);
    for (const investigator of [this.alice, ...others]) await investigator.logIn();
  }

  /** After the server was closed. */
  async restart(): Promise<void> {
    this.#server = await this.bench.start();
  }

  /** An agent that is connected, known to the relay and online. */
  newAgent(facts?: ConstructorParameters<typeof SimulatedAgent>[0]): Promise<SimulatedAgent> {
    return this.agents.add(this.server, facts);
  }

  /** To be closed with the relay. */
  connect(agent: SimulatedAgent): Promise<void> {
    this.agents.keep(agent);
    return this.bench.connectAgent(this.server, agent);
  }

  async close(): Promise<void> {
    await this.agents.close();
    await this.#server?.close();
    await this.bench.clean();
  }
}

/** @param define declares the tests, and a hook that starts the relay. */
export async function describeRelay(what: string, define: (relay: Relay) => void): Promise<void> {
  for (const create of [createEmbeddedBench, createServicesBench]) {
    const bench = await create();
    if (bench === null) continue;
    describe(`${what} on ${bench.name}`, () => {
      const relay = new Relay(bench);
      define(relay);
      after(() => relay.close());
    });
  }
}
