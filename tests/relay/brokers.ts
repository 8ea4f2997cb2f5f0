/** The two brokers that the same tests run on, and the helpers of these tests. */
import { after, before, describe } from 'node:test';
import { type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import { type Broker, startBroker } from '../../server/broker/listener.ts';
import { toBrokerUsers } from '../../server/broker/users.ts';
import { createAgentUser, createVhost, findServices, type OwnService } from '../services.ts';

export interface BrokerUnderTest {
  readonly name: string;
  readonly serverUrl: string;
  readonly agentUrl: string;
  readonly stop: () => Promise<void>;
}

async function startEmbedded(): Promise<BrokerUnderTest> {
  const broker: Broker = await startBroker({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    users: toBrokerUsers('s3cret', 'agents'),
    maximumMessageBytes: 8 * 1024 * 1024,
  });
  return {
    name: 'embedded broker',
    serverUrl: `amqp://mig-server:s3cret@127.0.0.1:${broker.port}/`,
    agentUrl: `amqp://mig-agent:agents@127.0.0.1:${broker.port}/`,
    stop: () => broker.close(),
  };
}

async function startRabbit(): Promise<BrokerUnderTest | null> {
  const { amqpUrl } = await findServices();
  const own: OwnService | null = amqpUrl === null ? null : await createVhost(amqpUrl);
  if (own === null) return null;
  const agent = await createAgentUser(own);
  return {
    name: 'RabbitMQ',
    serverUrl: own.url,
    agentUrl: agent.url,
    stop: async () => {
      await agent.drop();
      await own.drop();
    },
  };
}

/** Both, if available. */
export async function startBrokers(): Promise<readonly BrokerUnderTest[]> {
  const brokers = [await startEmbedded(), await startRabbit()];
  return brokers.filter((broker) => broker !== null);
}

/** Collects deliveries; a test can wait for the n-th. */
export class Inbox {
  readonly messages: ConsumeMessage[] = [];
  #wake: (() => void) | undefined;

  readonly take = (message: ConsumeMessage | null): void => {
    if (message === null) return;
    this.messages.push(message);
    this.#wake?.();
  };

  async waitFor(count: number): Promise<readonly ConsumeMessage[]> {
    while (this.messages.length < count)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.messages;
  }

  texts(): string[] {
    return this.messages.map((message) => message.content.toString());
  }
}

let nextName = 0;

/** A name that no other test uses. */
export function newName(kind: string): string {
  nextName += 1;
  return `${kind}.${nextName}`;
}

/** One connection to a broker, and the channel that was opened last. */
export class BrokerClient {
  readonly #subject: BrokerUnderTest;
  #connection: ChannelModel | undefined;
  #channel: ConfirmChannel | undefined;

  constructor(subject: BrokerUnderTest) {
    this.#subject = subject;
  }

  async connect(): Promise<void> {
    this.#connection = await connect(this.#subject.serverUrl);
  }

  get connection(): ChannelModel {
    if (this.#connection === undefined) throw new Error('expected a connection, connect() makes one');
    return this.#connection;
  }

  async open(): Promise<ConfirmChannel> {
    const channel = await this.connection.createConfirmChannel();
    channel.on('error', () => {});
    this.#channel = channel;
    return channel;
  }

  /** Waits until the broker has worked through everything sent before on the channel. */
  async settle(queue: string): Promise<number> {
    const channel = this.#channel ?? (await this.open());
    return (await channel.checkQueue(queue)).messageCount;
  }

  /** Stops the broker, too. */
  async close(): Promise<void> {
    await this.connection.close();
    await this.#subject.stop();
  }
}

/** One suite of tests for each broker that is to be had, with a client that is connected. */
export async function describeOnBrokers(
  define: (subject: BrokerUnderTest, client: BrokerClient) => void,
): Promise<void> {
  for (const subject of await startBrokers())
    describe(`on the ${subject.name}`, () => {
      const client = new BrokerClient(subject);
      before(() => client.connect());
      after(() => client.close());
      define(subject, client);
    });
}
