/** The simulated agents of the benchmark, spread over a few processes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { type Order, type Received, Told } from './messages.ts';

/** Keeps the heap of each below a gigabyte. */
const agentsPerProcess = 2500;
const program = fileURLToPath(new URL('./agents-process.ts', import.meta.url));

export interface FleetOptions {
  readonly agents: number;
  readonly amqpUrl: string;
  readonly fleet: string;
  readonly heartbeatSeconds: number;
  /** Armored. */
  readonly investigatorKey: string;
}

async function ask(child: ChildProcess, order: Order): Promise<Told> {
  const told = Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new CodedError('bench-fleet', 'expected an answer of a process of agents, got its end');
    }),
  ]);
  child.send(order);
  const [message] = await told;
  return Told.parse(message);
}

export class Fleet {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** Resolves when every agent is connected and has sent its first heartbeat. */
  static async connect({ agents, ...rest }: FleetOptions): Promise<Fleet> {
    const firsts = Array.from({ length: Math.ceil(agents / agentsPerProcess) }, (_, index) => index * agentsPerProcess);
    const fleet = new Fleet(firsts.map(() => fork(program, { execArgv: ['--no-warnings'] })));
    try {
      await Promise.all(
        fleet.#children.map((child, index) => {
          const first = firsts[index] ?? 0;
          return ask(child, { kind: 'connect', first, count: Math.min(agentsPerProcess, agents - first), ...rest });
        }),
      );
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  get pids(): readonly number[] {
    return this.#children.map(({ pid }) => pid ?? 0);
  }

  /** What all agents received since the last call. */
  async received(): Promise<Received> {
    const all = await Promise.all(this.#children.map((child) => ask(child, { kind: 'tell' })));
    const parts = all.filter((told) => told.kind === 'received');
    const firsts = parts.map(({ firstMs }) => firstMs).filter((timeMs) => timeMs !== null);
    const lasts = parts.map(({ lastMs }) => lastMs).filter((timeMs) => timeMs !== null);
    return {
      kind: 'received',
      commands: parts.reduce((sum, { commands }) => sum + commands, 0),
      refused: parts.reduce((sum, { refused }) => sum + refused, 0),
      firstMs: firsts.length === 0 ? null : Math.min(...firsts),
      lastMs: lasts.length === 0 ? null : Math.max(...lasts),
    };
  }

  async close(): Promise<void> {
    const ends = this.#children.filter(({ exitCode }) => exitCode === null).map((child) => once(child, 'exit'));
    for (const child of this.#children) if (child.connected) child.disconnect();
    await Promise.all(ends);
  }
}
