/** Simulated agents of the relay under test. */
import { AgentsResponse } from '../../protocol/api/api.ts';
import type { RunningServer } from '../../server/server.ts';
import { eventually } from '../../tools/lab/eventually.ts';
import { SimulatedAgent } from '../../tools/lab/simulated-agent.ts';
import type { Bench } from './pairs.ts';

type Facts = ConstructorParameters<typeof SimulatedAgent>[0];

export class BenchAgents {
  readonly #bench: Bench;
  readonly #agents: SimulatedAgent[] = [];

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** Connected, known to the relay and online. */
  async add(server: RunningServer, facts: Facts = {}): Promise<SimulatedAgent> {
    const agent = new SimulatedAgent(facts);
    this.keep(agent);
    await this.#bench.connectAgent(server, agent);
    await agent.sendHeartbeat();
    await this.untilListed(agent);
    return agent;
  }

  /** To be closed with the others. */
  keep(...agents: readonly SimulatedAgent[]): void {
    this.#agents.push(...agents);
  }

  async untilListed(agent: SimulatedAgent): Promise<void> {
    await eventually(async () => (await this.count(`id = '${agent.id}'`)) === 1);
  }

  async count(target: string): Promise<number> {
    const { body } = await this.#bench.alice.call('GET', `/agents?limit=0&target=${encodeURIComponent(target)}`);
    return AgentsResponse.parse(body).total;
  }

  async close(): Promise<void> {
    for (const agent of this.#agents) await agent.close();
  }
}
