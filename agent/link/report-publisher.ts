/** Publishes reports on one channel. Each resolves when the broker has it, or rejects with the reason. */
import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, Message } from 'amqplib';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { reportsExchange } from '../../protocol/topology.ts';
import type { PublishCode, PublishReport } from './publishing.ts';

interface Unconfirmed {
  readonly bytes: number;
  isReturned: boolean;
  readonly settle: (error: CodedError<PublishCode> | null) => void;
}

/** Frame error and content too large of AMQP 0-9-1. */
const sizeCodes: ReadonlySet<unknown> = new Set([501, 311]);
/** Nobody runs a broker that takes less. */
const leastBoundBytes = 64 * 1024;

/** RabbitMQ and the relay's own broker close the channel with 406, which stands for other things as well. */
function isAboutSize(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return sizeCodes.has(code) || (code === 406 && /message size/i.test(toMessage(error)));
}

function lost(): CodedError<PublishCode> {
  return new CodedError<PublishCode>('link-lost', 'the link was lost before the broker confirmed');
}

export class ReportPublisher {
  readonly #channel: ConfirmChannel;
  readonly #routingKey: string;
  readonly #unconfirmed = new Map<string, Unconfirmed>();
  #isTooLarge = false;

  constructor(channel: ConfirmChannel, routingKey: string) {
    this.#channel = channel;
    this.#routingKey = routingKey;
    channel.on('return', ({ properties }: Message) => {
      const one = this.#unconfirmed.get(String(properties.messageId));
      if (one !== undefined) one.isReturned = true;
    });
    channel.on('error', (error) => this.noteError(error));
    // Before the client's own listener, which calls them back without saying why.
    channel.prependOnceListener('close', () => this.#loseAll());
  }

  /** To be called with errors of the channel and of the connection below it, before they close. */
  noteError(error: unknown): void {
    this.#isTooLarge ||= isAboutSize(error);
  }

  /** When one message was too large, it is the largest of those on their way. */
  #loseAll(): void {
    const all = [...this.#unconfirmed.values()];
    const largest = Math.max(0, ...all.map(({ bytes }) => bytes));
    for (const { bytes, settle } of all) {
      const isToBlame = this.#isTooLarge && bytes === largest && bytes >= leastBoundBytes;
      settle(isToBlame ? new CodedError<PublishCode>('too-large', `the broker does not take ${bytes} bytes`) : lost());
    }
  }

  /** Rejects, too, when the broker has nowhere to put the report: it must not be confirmed into nothing. */
  readonly publish: PublishReport = (message) => {
    const messageId = randomUUID();
    return new Promise((resolve, reject) => {
      const settle = (error: CodedError<PublishCode> | null): void => {
        this.#unconfirmed.delete(messageId);
        if (error === null) resolve();
        else reject(error);
      };
      const one: Unconfirmed = { bytes: message.length, isReturned: false, settle };
      this.#unconfirmed.set(messageId, one);
      const onConfirmed = (error: unknown): void => {
        if (!this.#unconfirmed.has(messageId)) return;
        if (one.isReturned) settle(new CodedError<PublishCode>('not-taken', 'the broker has no queue for reports yet'));
        else if (error === null || error === undefined) settle(null);
        else settle(new CodedError<PublishCode>('not-taken', toMessage(error)));
      };
      const options = { persistent: true, mandatory: true, messageId };
      try {
        this.#channel.publish(reportsExchange, this.#routingKey, message, options, onConfirmed);
      } catch {
        settle(lost());
      }
    });
  };
}
