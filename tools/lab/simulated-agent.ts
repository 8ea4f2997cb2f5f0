/** An agent for tests and benchmarks: real key, real AMQP and real messages, but given answers. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import { toResultReport } from '../../agent/run/report.ts';
import { parseSignedBytes } from '../../protocol/action/envelope.ts';
import {
  type AgentFacts,
  type AgentMessage,
  type ResultMessage,
  signAgentMessage,
  toRawPublicKey,
} from '../../protocol/agent-message/agent-message.ts';
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import { type ActionId, type AgentId, agentIdOf, newInstanceId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import {
  agentQueue,
  agentQueueArguments,
  agentsExchange,
  CancelMessage,
  CommandMessage,
  heartbeatsExchange,
  reportsExchange,
} from '../../protocol/topology.ts';

export interface ReceivedCommand {
  readonly command: CommandMessage;
  readonly redelivered: boolean;
  readonly acknowledge: () => void;
}

const defaultFacts: AgentFacts = {
  name: 'web1.example.org',
  queueloc: 'linux.web1.example.org',
  mode: 'daemon',
  version: '0.1.0',
  environment: { os: 'linux', arch: 'x64', addresses: ['192.0.2.1'] },
  tags: { team: 'web' },
};

export class SimulatedAgent {
  readonly id: AgentId;
  readonly facts: AgentFacts;
  readonly fleet: string;
  instance = newInstanceId();
  startedMs = Date.now();
  #links = 0;
  readonly #privateKey: KeyObject;
  readonly #publicKey: string;
  #sequence = 0;
  readonly received: ReceivedCommand[] = [];
  readonly #cancelled = new Set<ActionId>();
  #connection: ChannelModel | undefined;
  #channel: ConfirmChannel | undefined;
  #wake: (() => void) | undefined;
  /** Handles a command; null leaves it to the test. */
  onCommand: ((received: ReceivedCommand) => void) | null = null;

  /** @param fleet the environment that it says it was built for. */
  constructor(facts: Partial<AgentFacts> = {}, fleet = 'test') {
    const { privateKey } = generateKeyPairSync('ed25519');
    this.#privateKey = privateKey;
    const raw = toRawPublicKey(createPublicKey(privateKey));
    this.#publicKey = raw.toString('base64');
    this.id = agentIdOf(raw);
    this.facts = { ...defaultFacts, ...facts };
    this.fleet = fleet;
  }

  /** @param tls what TLS takes, PEM. */
  async connect(url: string, tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } = {}) {
    const connection = await connect(url, { noDelay: true, ...tls });
    connection.on('error', () => {});
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    const queue = agentQueue(this.id);
    await channel.assertQueue(queue, { durable: true, arguments: agentQueueArguments });
    await channel.bindQueue(queue, agentsExchange, this.id);
    await channel.consume(queue, (message) => this.#take(channel, message));
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    this.#connection = connection;
    this.#channel = channel;
    this.#links += 1;
  }

  #take(channel: ConfirmChannel, message: ConsumeMessage | null): void {
    if (message === null) return;
    const cancellation = CancelMessage.safeParse(JSON.parse(message.content.toString('utf8')));
    if (cancellation.success) {
      this.#cancelled.add(cancellation.data.cancel);
      channel.ack(message);
      this.#wake?.();
      return;
    }
    const received: ReceivedCommand = {
      command: CommandMessage.parse(JSON.parse(message.content.toString('utf8'))),
      redelivered: message.fields.redelivered,
      acknowledge: () => channel.ack(message),
    };
    this.received.push(received);
    this.onCommand?.(received);
    this.#wake?.();
  }

  async waitForCommand(index: number): Promise<ReceivedCommand> {
    for (;;) {
      const received = this.received[index];
      if (received !== undefined) return received;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async waitForCancellation(action: ActionId): Promise<void> {
    while (!this.#cancelled.has(action))
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }

  /** Publishes bytes and waits for the broker's confirm. */
  async publish(exchange: string, bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      if (this.#channel === undefined) throw new Error('expected a connected agent');
      this.#channel.publish(exchange, this.id, bytes, { persistent: true }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  sign(message: AgentMessage): Buffer {
    return signAgentMessage(message, this.#privateKey);
  }

  heartbeat(timeMs: number = Date.now(), facts: Partial<AgentFacts> = {}, fleet = this.fleet): Buffer {
    const time = toInstant(timeMs);
    return this.sign({
      kind: 'heartbeat',
      agent: this.id,
      publickey: this.#publicKey,
      sequence: this.#nextSequence(),
      audit: { sequence: 0, hash: '0'.repeat(64) },
      reported: [],
      fleet,
      instance: this.instance,
      facts: { ...this.facts, ...facts },
      link: Math.max(1, this.#links),
      starttime: toInstant(this.startedMs),
      time,
    });
  }

  sendHeartbeat(timeMs?: number, facts?: Partial<AgentFacts>): Promise<void> {
    return this.publish(heartbeatsExchange, this.heartbeat(timeMs, facts));
  }

  running(command: CommandMessage): Buffer {
    return this.sign({ kind: 'running', agent: this.id, publickey: this.#publicKey, command: command.id });
  }

  result(
    command: CommandMessage,
    state: ResultMessage['state'] = 'succeeded',
    sealed: Uint8Array = Buffer.from('sealed'),
  ): Buffer {
    const bytes = Buffer.from(command.envelope.payload, 'base64');
    return this.sign({
      kind: 'result',
      agent: this.id,
      publickey: this.#publicKey,
      sequence: this.#nextSequence(),
      command: command.id,
      action: parseSignedBytes(bytes).id,
      actiondigest: sha256Hex(bytes),
      state,
      sealed,
    });
  }

  /** Sealed to the action's reply key and signed, by the code of the real agent. */
  sealedResult(command: CommandMessage, operations: readonly OperationResult[]): Buffer {
    const bytes = Buffer.from(command.envelope.payload, 'base64');
    const { id: action, replykey } = parseSignedBytes(bytes);
    const agent = { id: this.id, name: this.facts.name };
    const result = { agent, action, actiondigest: sha256Hex(bytes), operations: [...operations] };
    const identity = {
      id: this.id,
      privateKey: this.#privateKey,
      publicKey: this.#publicKey,
      nextSequence: () => this.#nextSequence(),
    };
    return toResultReport(identity, result, replykey).message;
  }

  refusal(command: CommandMessage, code: RefusalCode): Buffer {
    return this.sign({
      kind: 'refusal',
      agent: this.id,
      publickey: this.#publicKey,
      sequence: this.#nextSequence(),
      command: command.id,
      actiondigest: sha256Hex(Buffer.from(command.envelope.payload, 'base64')),
      code,
      time: toInstant(Date.now()),
    });
  }

  sendRunning(command: CommandMessage): Promise<void> {
    return this.publish(reportsExchange, this.running(command));
  }

  sendResult(command: CommandMessage, state?: ResultMessage['state']): Promise<void> {
    return this.publish(reportsExchange, this.result(command, state));
  }

  sendSealedResult(command: CommandMessage, operations: readonly OperationResult[]): Promise<void> {
    return this.publish(reportsExchange, this.sealedResult(command, operations));
  }

  /** Answers every command from now on, and acknowledges it when the broker has confirmed the answer. */
  answerAll(): void {
    this.onCommand = (received) => {
      this.sendResult(received.command).then(received.acknowledge, () => {});
    };
  }

  get isConnected(): boolean {
    return this.#channel !== undefined;
  }

  async close(): Promise<void> {
    this.#channel = undefined;
    await this.#connection?.close().catch(() => {});
  }
}
