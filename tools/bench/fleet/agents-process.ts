/**
 * Many agents in one process. Real: key, connection, queue and heartbeats of each, the check of the OpenPGP signature on
 * each command, seal and signature of each answer. Made up: the content of the answer; no module runs. The agents share a
 * machine with the relay. They run at a lower priority, and the work of one agent does not keep another from taking its
 * command off the network.
 */
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PublicKey, readKey } from 'openpgp';
import { fileAnswer } from '../../../investigator/testing/file-answer.ts';
import { verifyDetached } from '../../../protocol/signatures/signatures.ts';
import { type ReceivedCommand, SimulatedAgent } from '../../lab/simulated-agent.ts';
import { type ConnectOrder, Order, preciseNowMs, type Received, type Told } from './messages.ts';

/** Connections that are made at the same time. */
const connectingAtOnce = 20;

function newReceived(): Received {
  return { kind: 'received', commands: 0, refused: 0, firstMs: null, lastMs: null };
}

/** Runs one job after the other, and lets the network go first. */
class JobQueue {
  readonly #waiting: (() => Promise<void>)[] = [];
  #working = false;

  add(work: () => Promise<void>): void {
    this.#waiting.push(work);
    if (this.#working) return;
    this.#working = true;
    setImmediate(() => void this.#next());
  }

  async #next(): Promise<void> {
    await this.#waiting.shift()?.();
    this.#working = this.#waiting.length > 0;
    if (this.#working) setImmediate(() => void this.#next());
  }
}

class Agents {
  readonly #key: PublicKey;
  readonly #agents: SimulatedAgent[] = [];
  readonly #work = new JobQueue();
  #received = newReceived();

  constructor(key: PublicKey) {
    this.#key = key;
  }

  async connect({ amqpUrl, fleet, first, count, heartbeatSeconds }: ConnectOrder): Promise<void> {
    let next = first;
    const connectSome = async (): Promise<void> => {
      while (next < first + count) {
        const agent = new SimulatedAgent({ name: `host-${next}.example.org` }, fleet);
        next += 1;
        agent.onCommand = (received) => this.#take(agent, received);
        await agent.connect(amqpUrl);
        await agent.sendHeartbeat();
        this.#agents.push(agent);
        void beat(agent, heartbeatSeconds);
      }
    };
    await Promise.all(Array.from({ length: connectingAtOnce }, connectSome));
  }

  #take(agent: SimulatedAgent, received: ReceivedCommand): void {
    const nowMs = preciseNowMs();
    const { commands, firstMs } = this.#received;
    this.#received = { ...this.#received, commands: commands + 1, firstMs: firstMs ?? nowMs, lastMs: nowMs };
    this.#work.add(() => this.#answer(agent, received));
  }

  /** Resolves when the answer is on its way; the command is acknowledged when the broker has confirmed it. */
  async #answer(agent: SimulatedAgent, { command, acknowledge }: ReceivedCommand): Promise<void> {
    const { payload, signatures } = command.envelope;
    const bytes = Buffer.from(payload, 'base64');
    const outcome = await verifyDetached(bytes, signatures[0] ?? '', [this.#key], new Date());
    if (outcome.kind === 'valid') {
      agent.sendSealedResult(command, [fileAnswer]).then(acknowledge, () => {});
      return;
    }
    this.#received = { ...this.#received, refused: this.#received.refused + 1 };
    acknowledge();
  }

  /** What came since the last call. */
  takeReceived(): Received {
    const received = this.#received;
    this.#received = newReceived();
    return received;
  }

  async close(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.close()));
  }
}

/** Sends heartbeats until the connection is closed. A random first wait spreads the fleet over the interval. */
async function beat(agent: SimulatedAgent, seconds: number): Promise<void> {
  await sleep(Math.random() * seconds * 1000, undefined, { ref: false });
  while (agent.isConnected) {
    await agent.sendHeartbeat().catch((error) => {
      // Closed while it was on its way.
      if (agent.isConnected) throw error;
    });
    await sleep(seconds * 1000, undefined, { ref: false });
  }
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
let agents: Agents | null = null;

async function obey(order: Order): Promise<Told> {
  if (order.kind === 'connect') {
    agents = new Agents(await readKey({ armoredKey: order.investigatorKey }));
    await agents.connect(order);
    return { kind: 'connected' };
  }
  return agents?.takeReceived() ?? newReceived();
}

process.on('message', (raw) => void obey(Order.parse(raw)).then((told) => process.send?.(told)));
process.once('disconnect', () => void agents?.close());
