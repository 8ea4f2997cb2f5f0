/** The channels of one connection: opened, closed, and given their frames. */
import { AmqpError } from './amqp-error.ts';
import { Channel, type ChannelHost } from './channel.ts';
import { type ClientMethod, decodeMethod, type Frame, frameTypes } from './codec.ts';

export class ChannelTable {
  readonly #host: ChannelHost;
  /** Null where a channel was closed by this side and the peer has not said that it knows. */
  readonly #channels = new Map<number, Channel | null>();

  constructor(host: ChannelHost) {
    this.#host = host;
  }

  /** @throws AmqpError of the scope of the connection */
  onFrame(frame: Frame): void {
    const channel = this.#channels.get(frame.channel);
    const method = frame.type === frameTypes.method ? decodeMethod(frame.payload) : undefined;
    if (method?.kind === 'ChannelOpen') {
      this.#open(frame.channel);
    } else if (method?.kind === 'ChannelClose') {
      channel?.close();
      this.#channels.delete(frame.channel);
      this.#host.send(frame.channel, 'ChannelCloseOk', {});
    } else if (channel === null) {
      if (method?.kind === 'ChannelCloseOk') this.#channels.delete(frame.channel);
    } else if (channel === undefined) {
      throw new AmqpError('channel-error', `expected channel ${frame.channel} to be open`);
    } else {
      this.#pass(channel, frame, method);
    }
  }

  #open(number: number): void {
    if (this.#channels.has(number)) throw new AmqpError('channel-error', `channel ${number} is open already`);
    if (number > this.#host.access.user.limits.channels)
      throw new AmqpError('not-allowed', `channel ${number} is above channel_max`);
    this.#channels.set(number, new Channel(number, this.#host));
    this.#host.send(number, 'ChannelOpenOk', {});
  }

  #pass(channel: Channel, frame: Frame, method: ClientMethod | null | undefined): void {
    try {
      if (method === null) throw new AmqpError('not-implemented', 'this method is not part of this broker');
      if (method !== undefined) channel.handleMethod(method);
      else if (frame.type === frameTypes.header) channel.handleHeader(frame.payload);
      else if (frame.type === frameTypes.body) channel.handleBody(frame.payload);
      else throw new AmqpError('frame-error', `unknown frame type ${frame.type}`);
    } catch (error) {
      if (!(error instanceof AmqpError) || error.scope === 'connection') throw error;
      channel.close();
      this.#channels.set(frame.channel, null);
      const { replyCode, replyText } = error;
      this.#host.send(frame.channel, 'ChannelClose', { replyCode, replyText, classId: 0, methodId: 0 });
    }
  }

  /** The peer reads again. */
  resume(): void {
    for (const channel of this.#channels.values()) channel?.resume();
  }

  closeAll(): void {
    for (const channel of this.#channels.values()) channel?.close();
    this.#channels.clear();
  }
}
