/**
 * Sends commands and cancellations to their agents' queues and tells for each what the broker made of it. They are not
 * persistent: writing each to the file of its own queue is most of what a broker would do for a large fleet, and the
 * database has them. What is lost with a broker is sent again when the agent has a new connection.
 */
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Log } from '../../host/log.ts';
import type { Envelope } from '../../protocol/action/envelope.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { ActionId, AgentId, CommandId } from '../../protocol/base/identifiers.ts';
import { agentsExchange, type CancelMessage } from '../../protocol/topology.ts';
import type { LinkUser } from './link.ts';

export interface OutgoingAction {
  readonly envelope: Envelope;
  readonly expireafter: Date;
}

export interface OutgoingCommand {
  readonly id: CommandId;
  readonly agent: AgentId;
}

export interface SendOutcome {
  /** In the agents' queues. */
  readonly sent: readonly CommandId[];
  /** Their agents have no queue (yet). */
  readonly unroutable: readonly CommandId[];
  /** Not confirmed: to be sent again. */
  readonly failed: readonly CommandId[];
}

/** The longest time to live that fits the broker's counter (2^32 - 1 ms, 49 days). */
const maximumExpirationMs = 0xffff_ffff;

export class CommandSender {
  readonly #log: Log;
  #channel: ConfirmChannel | undefined;
  /** Commands that came back since they were published; their confirm follows. */
  readonly #returned = new Set<string>();
  readonly #onReady: () => void;

  /** @param onReady called whenever there is a broker again to send to. */
  constructor(log: Log, onReady: () => void) {
    this.#log = log;
    this.#onReady = onReady;
  }

  readonly use: LinkUser = async (connection: ChannelModel) => {
    const channel = await connection.createConfirmChannel();
    channel.on('error', (error) => this.#log.warn({ reason: toMessage(error) }, 'sending channel failed'));
    channel.on('return', (message) => this.#returned.add(String(message.properties.messageId)));
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
      // Closed alone: the link makes everything anew.
      void connection.close().catch(() => {});
    });
    this.#channel = channel;
    this.#onReady();
  };

  get isReady(): boolean {
    return this.#channel !== undefined;
  }

  /** Never rejects. */
  sendCommands(action: OutgoingAction, commands: readonly OutgoingCommand[]): Promise<SendOutcome> {
    // The envelope is the same for all: it is turned into text once.
    const envelope = JSON.stringify(action.envelope);
    const toBody = ({ id }: OutgoingCommand) => Buffer.from(`{"id":"${id}","envelope":${envelope}}`, 'utf8');
    return this.#send(commands, toBody, action.expireafter);
  }

  /** Tells the agents of these commands to stop. Never rejects. */
  sendCancellations(action: ActionId, expireafter: Date, commands: readonly OutgoingCommand[]): Promise<SendOutcome> {
    const message: CancelMessage = { cancel: action };
    const body = Buffer.from(JSON.stringify(message), 'utf8');
    return this.#send(commands, () => body, expireafter);
  }

  async #send(
    commands: readonly OutgoingCommand[],
    toBody: (command: OutgoingCommand) => Buffer,
    expireafter: Date,
  ): Promise<SendOutcome> {
    const channel = this.#channel;
    const leftMs = expireafter.getTime() - Date.now();
    const ids = commands.map((command) => command.id);
    if (channel === undefined) return { sent: [], unroutable: [], failed: ids };
    const expiration = String(Math.max(0, Math.min(leftMs, maximumExpirationMs)));
    const outcomes = await Promise.all(
      commands.map((command) => this.#sendOne(channel, command, toBody(command), expiration)),
    );
    const having = (outcome: string): CommandId[] => ids.filter((_, index) => outcomes[index] === outcome);
    return { sent: having('sent'), unroutable: having('unroutable'), failed: having('failed') };
  }

  #sendOne(
    channel: ConfirmChannel,
    command: OutgoingCommand,
    body: Buffer,
    expiration: string,
  ): Promise<'sent' | 'unroutable' | 'failed'> {
    return new Promise((resolve) => {
      const onConfirmed = (error: unknown): void => {
        const cameBack = this.#returned.delete(command.id);
        resolve(error !== null ? 'failed' : cameBack ? 'unroutable' : 'sent');
      };
      try {
        channel.publish(
          agentsExchange,
          command.agent,
          body,
          { mandatory: true, expiration, messageId: command.id, contentType: 'application/json' },
          onConfirmed,
        );
      } catch {
        resolve('failed');
      }
    });
  }
}
