/** A relay in the attacker's hands: a real broker, with everything that a server can send to agents and hear from them. */
import { type ConfirmChannel, connect } from 'amqplib';
import {
  type AgentMessage,
  type RefusalMessage,
  type ResultMessage,
  verifyAgentMessage,
} from '../../protocol/agent-message/agent-message.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import {
  agentQueue,
  agentsExchange,
  CommandMessage,
  heartbeatsExchange,
  reportsExchange,
} from '../../protocol/topology.ts';
import { type BrokerKind, type LabBroker, startLabBroker } from './brokers.ts';
import { Waiters } from './waiters.ts';

/** On a busy machine a gigabyte may come before the command that is reported. */
const reportPatienceMs = 60_000;

type ReportMessage = ResultMessage | RefusalMessage;

export class HostileRelay {
  readonly serverUrl: string;
  readonly agentUrl: string;
  readonly kind: BrokerKind;
  readonly #broker: LabBroker;
  readonly #channel: ConfirmChannel;
  readonly #close: () => Promise<void>;
  readonly #heard: AgentMessage[] = [];
  readonly #events = new Waiters();

  private constructor(broker: LabBroker, channel: ConfirmChannel, close: () => Promise<void>) {
    this.#broker = broker;
    this.#channel = channel;
    this.#close = close;
    this.kind = broker.kind;
    this.serverUrl = broker.serverUrl;
    this.agentUrl = broker.agentUrl;
  }

  /** It hears all messages of agents, beside a real server if there is one. */
  static async start(kind: BrokerKind = 'embedded'): Promise<HostileRelay> {
    const broker = await startLabBroker(kind);
    const connection = await connect(broker.serverUrl, { noDelay: true });
    const channel = await connection.createConfirmChannel();
    for (const exchange of [agentsExchange, reportsExchange, heartbeatsExchange])
      await channel.assertExchange(exchange, 'topic', { durable: true });
    const relay = new HostileRelay(broker, channel, () => connection.close());
    for (const exchange of [reportsExchange, heartbeatsExchange]) {
      const { queue } = await channel.assertQueue(`mig.hostile.${exchange}`);
      await channel.bindQueue(queue, exchange, '#');
      await channel.consume(queue, (delivery) => delivery !== null && relay.#hear(delivery.content), { noAck: true });
    }
    return relay;
  }

  #hear(content: Buffer): void {
    try {
      this.#heard.push(verifyAgentMessage(content));
    } catch (error) {
      // A hostile agent may send anything.
      if (!(error instanceof CodedError)) throw error;
    }
    this.#events.wake();
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
      await this.#events.next(leftMs);
    }
  }

  /** Whether an agent listens to its queue, which is the last step of its way here. */
  async hasReader(agent: AgentId): Promise<boolean> {
    return (await this.#channel.checkQueue(agentQueue(agent))).consumerCount > 0;
  }

  waitForReport(command: string): Promise<ReportMessage> {
    return this.wait(
      (message): message is ReportMessage =>
        message.kind !== 'heartbeat' && message.kind !== 'running' && message.command === command,
      reportPatienceMs,
    );
  }

  /** The largest message that it takes on new connections; null for no limit. */
  boundMessages(bytes: number | null): void {
    this.#broker.boundMessages(bytes);
  }

  /** The agents' messages since the start or since `forget`. */
  get heard(): readonly AgentMessage[] {
    return this.#heard;
  }

  forget(): void {
    this.#heard.length = 0;
  }

  /** @param to an agent's id, or the routing key of a fleet. */
  async send(to: string, body: Buffer): Promise<void> {
    this.#channel.publish(agentsExchange, to, body, { persistent: true });
    await this.#channel.waitForConfirms();
  }

  /** Once this resolves, messages to the agent come here instead, until its first command has come. */
  async divertCommand(agent: AgentId): Promise<{ readonly diverted: Promise<CommandMessage> }> {
    const { queue } = await this.#channel.assertQueue(`mig.hostile.diverted.${agent}`);
    await this.#channel.bindQueue(queue, agentsExchange, agent);
    await this.#channel.unbindQueue(agentQueue(agent), agentsExchange, agent);
    const { promise, resolve } = Promise.withResolvers<CommandMessage>();
    const take = (content: Buffer | undefined): void => {
      const command = CommandMessage.safeParse(JSON.parse(content?.toString('utf8') ?? 'null'));
      if (command.success) resolve(command.data);
    };
    await this.#channel.consume(queue, (delivery) => take(delivery?.content), { noAck: true });
    const restore = async (command: CommandMessage): Promise<CommandMessage> => {
      await this.#channel.bindQueue(agentQueue(agent), agentsExchange, agent);
      await this.#channel.deleteQueue(queue);
      return command;
    };
    return { diverted: promise.then(restore) };
  }

  async stop(): Promise<void> {
    await this.#close();
    await this.#broker.stop();
  }
}
