/** A relay in the attacker's hands: a real broker, and all that a server could send to agents and hear from them. */
import { type ConfirmChannel, connect } from 'amqplib';
import {
  type AgentMessage,
  type RefusalMessage,
  type ResultMessage,
  verifyAgentMessage,
} from '../protocol/agent-message.ts';
import type { AgentId } from '../protocol/identifiers.ts';
import {
  agentQueue,
  agentsExchange,
  CommandMessage,
  heartbeatsExchange,
  heartbeatsQueue,
  resultsExchange,
  resultsQueue,
} from '../protocol/topology.ts';
import { type Broker, startBroker } from '../server/broker/listener.ts';
import { toBrokerUsers } from '../server/broker/users.ts';

const serverPassword = 'server-password';
const agentPassword = 'agent-password';

type Report = ResultMessage | RefusalMessage;

export class HostileRelay {
  readonly serverUrl: string;
  readonly agentUrl: string;
  readonly #broker: Broker;
  readonly #channel: ConfirmChannel;
  readonly #close: () => Promise<void>;
  readonly #heard: AgentMessage[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(broker: Broker, channel: ConfirmChannel, close: () => Promise<void>) {
    this.#broker = broker;
    this.#channel = channel;
    this.#close = close;
    this.serverUrl = `amqp://server:${serverPassword}@127.0.0.1:${broker.port}/`;
    this.agentUrl = `amqp://agent:${agentPassword}@127.0.0.1:${broker.port}/`;
  }

  /** @param listens false leaves results and heartbeats to a real server beside it. */
  static async start(listens: boolean): Promise<HostileRelay> {
    const broker = await startBroker({
      host: '127.0.0.1',
      port: 0,
      tls: null,
      users: toBrokerUsers(serverPassword, agentPassword),
      maximumMessageBytes: 128 * 1024 * 1024,
    });
    const connection = await connect(`amqp://server:${serverPassword}@127.0.0.1:${broker.port}/`);
    const channel = await connection.createConfirmChannel();
    for (const exchange of [agentsExchange, resultsExchange, heartbeatsExchange])
      await channel.assertExchange(exchange, 'topic', { durable: true });
    const relay = new HostileRelay(broker, channel, () => connection.close());
    if (listens)
      for (const [queue, exchange] of [
        [resultsQueue, resultsExchange],
        [heartbeatsQueue, heartbeatsExchange],
      ] as const) {
        await channel.assertQueue(queue, { durable: true });
        await channel.bindQueue(queue, exchange, '#');
        await channel.consume(
          queue,
          (delivery) => {
            if (delivery !== null) relay.#hear(delivery.content);
          },
          { noAck: true },
        );
      }
    return relay;
  }

  #hear(content: Buffer): void {
    this.#heard.push(verifyAgentMessage(content));
    for (const wake of this.#waiting) wake();
  }

  /** Resolves to the first message, heard already or to come, that fits. */
  async wait<T extends AgentMessage>(fits: (message: AgentMessage) => message is T, timeoutMs?: number): Promise<T>;
  async wait(fits: (message: AgentMessage) => boolean, timeoutMs?: number): Promise<AgentMessage>;
  async wait(fits: (message: AgentMessage) => boolean, timeoutMs = 20_000): Promise<AgentMessage> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.#heard.find(fits);
      if (found !== undefined) return found;
      const leftMs = deadline - Date.now();
      if (leftMs <= 0)
        throw new Error(`expected a message within ${timeoutMs} ms; heard ${JSON.stringify(this.#heard.slice(-3))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.#waiting.clear();
    }
  }

  waitForReport(command: string): Promise<Report> {
    return this.wait(
      (message): message is Report =>
        message.kind !== 'heartbeat' && message.kind !== 'running' && message.command === command,
    );
  }

  /** What agents have said since the start or since `forget`. */
  get heard(): readonly AgentMessage[] {
    return this.#heard;
  }

  forget(): void {
    this.#heard.length = 0;
  }

  async send(agent: AgentId, body: Buffer): Promise<void> {
    this.#channel.publish(agentsExchange, agent, body, { persistent: true });
    await this.#channel.waitForConfirms();
  }

  /** Takes the next command from where it waits for an agent that is away. */
  async takeCommand(agent: AgentId): Promise<CommandMessage> {
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    const { consumerTag } = await this.#channel.consume(
      agentQueue(agent),
      (delivery) => {
        if (delivery !== null) resolve(delivery.content);
      },
      { noAck: true },
    );
    const content = await promise;
    await this.#channel.cancel(consumerTag);
    return CommandMessage.parse(JSON.parse(content.toString('utf8')));
  }

  async stop(): Promise<void> {
    await this.#close();
    await this.#broker.close();
  }
}
