/** A message that is coming in on a channel: what publishes it, its header, and its body as far as it is there. */
import { AmqpError } from './amqp-error.ts';
import type { BegunMessage } from './begun-messages.ts';
import { type ClientMethod, decodeHeader } from './codec.ts';
import type { Message } from './message.ts';

export type Publish = Extract<ClientMethod, { kind: 'BasicPublish' }>['fields'];

/** @throws AmqpError precondition-failed */
function parseExpiration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new AmqpError('precondition-failed', `invalid expiration '${text}'`);
  return Number(text);
}

const noBytes = Buffer.alloc(0);

export class IncomingMessage {
  readonly publish: Publish;
  readonly #begin: (bodyBytes: number, headerBytes: number) => BegunMessage | null;
  #header: { readonly bytes: Buffer; readonly timeToLiveMs: number | undefined } | undefined;
  #begun: BegunMessage | null = null;
  /** Null when there was no room for it: it is read and forgotten. */
  #body: Buffer | null = null;
  #missingBytes = 0;

  /** @param begin takes the room for body and header; null when there is none. */
  constructor(publish: Publish, begin: (bodyBytes: number, headerBytes: number) => BegunMessage | null) {
    this.publish = publish;
    this.#begin = begin;
  }

  get isWhole(): boolean {
    return this.#header !== undefined && this.#missingBytes === 0;
  }

  /** @throws AmqpError */
  takeHeader(payload: Buffer): void {
    if (this.#header !== undefined) throw new AmqpError('unexpected-frame', 'expected a body, got a content header');
    const { sizeBytes, expiration } = decodeHeader(payload);
    const timeToLiveMs = parseExpiration(expiration);
    this.#begun = this.#begin(sizeBytes, payload.length);
    this.#missingBytes = sizeBytes;
    // A copy: a small message would keep the whole chunk in memory.
    this.#header = { bytes: this.#begun === null ? noBytes : Buffer.from(payload), timeToLiveMs };
    // One piece, which the system fills with memory as bytes come: pieces of the stream would be kept whole.
    if (this.#begun !== null) this.#body = Buffer.allocUnsafeSlow(sizeBytes);
  }

  /** @throws AmqpError */
  takeBody(payload: Buffer): void {
    if (this.#header === undefined || payload.length > this.#missingBytes)
      throw new AmqpError('unexpected-frame', 'expected a method, got a content body');
    if (this.#body !== null) payload.copy(this.#body, this.#body.length - this.#missingBytes);
    this.#missingBytes -= payload.length;
    this.#begun?.progress(payload.length);
  }

  /** The message when it is whole; null when there was no room for it. */
  finish(): Message | null {
    this.abandon();
    if (this.#header === undefined || this.#body === null) return null;
    const { exchange, routingKey } = this.publish;
    const { bytes: header, timeToLiveMs } = this.#header;
    return { exchange, routingKey, header, body: this.#body, timeToLiveMs };
  }

  /** Gives its room back. */
  abandon(): void {
    this.#begun?.end();
  }
}
