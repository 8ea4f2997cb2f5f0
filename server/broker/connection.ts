/** One client connection: handshake, frames to channels, heartbeats, and how it ends. */
import type { Socket } from 'node:net';
import { AmqpError } from './amqp-error.ts';
import { Channel, type ChannelHost } from './channel.ts';
import {
  type ClientMethod,
  decodeMethod,
  encodeContent,
  encodeMethod,
  type Frame,
  frameTypes,
  heartbeatFrame,
  minimumFrameBytes,
  protocolHeader,
  type ServerMethodName,
  takeFrame,
} from './codec.ts';
import { connectionStart, Handshake, maximumChannels, type Opened } from './handshake.ts';
import { type Heartbeats, startHeartbeats } from './heartbeats.ts';
import type { Message } from './message.ts';
import type { BrokerUser } from './permissions.ts';
import type { Vhost } from './vhost.ts';

export interface ConnectionOptions {
  readonly vhost: Vhost;
  readonly users: readonly BrokerUser[];
  readonly maximumMessageBytes: number;
  readonly handshakeTimeoutMs: number;
  readonly onClosed: () => void;
  readonly onFault: (what: string) => void;
}

/** Bytes that wait to be read by the peer before deliveries to it pause. */
const congestionBytes = 4 * 1024 * 1024;

/** From the last word to a client until its connection is cut. */
const farewellMs = 1000;
/** Finds out about peers that are gone without a word, also where they asked for no heartbeats. */
const keepAliveMs = 60_000;

type Phase = 'header' | 'handshake' | 'running' | 'closing' | 'closed';

export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  /** Null where a channel was closed by this side and the peer has not said that it knows. */
  readonly #channels = new Map<number, Channel | null>();
  readonly #handshakeTimer: NodeJS.Timeout;
  readonly #handshake: Handshake;
  #heartbeats: Heartbeats | undefined;
  #phase: Phase = 'header';
  #rest: Buffer = Buffer.alloc(0);
  #frameBytes = minimumFrameBytes;
  #host: ChannelHost | undefined;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#handshake = new Handshake(options.users, options.vhost.options.name);
    this.#handshakeTimer = setTimeout(() => this.#fail('handshake took too long'), options.handshakeTimeoutMs);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('data', (bytes) => this.#onData(bytes));
    socket.on('drain', () => this.#resume());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#onClosed());
  }

  /** Asks the client to go (the broker stops); the socket closes when it has answered, or at once when it never came in. */
  shutDown(): void {
    if (this.#phase === 'running') this.#closeWith(new AmqpError('connection-forced', 'broker is shutting down'));
    else this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #fail(what: string): void {
    this.#options.onFault(what);
    this.#socket.destroy();
  }

  #onClosed(): void {
    this.#phase = 'closed';
    clearTimeout(this.#handshakeTimer);
    this.#heartbeats?.stop();
    this.#closeChannels();
    this.#options.onClosed();
  }

  #closeChannels(): void {
    for (const channel of this.#channels.values()) channel?.close();
    this.#channels.clear();
  }

  #onData(bytes: Buffer): void {
    this.#heartbeats?.heard();
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#socket.cork();
    try {
      if (this.#phase === 'header' && !this.#takeProtocolHeader()) return;
      for (;;) {
        const taken = takeFrame(this.#rest, this.#frameBytes);
        if (taken === null) break;
        this.#rest = taken.rest;
        this.#onFrame(taken.frame);
        if (this.#socket.destroyed) return;
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#socket.uncork();
    }
  }

  #takeProtocolHeader(): boolean {
    if (this.#rest.length < protocolHeader.length) {
      if (!protocolHeader.subarray(0, this.#rest.length).equals(this.#rest)) this.#refuseProtocol();
      return false;
    }
    if (!protocolHeader.equals(this.#rest.subarray(0, protocolHeader.length))) {
      this.#refuseProtocol();
      return false;
    }
    this.#rest = this.#rest.subarray(protocolHeader.length);
    this.#phase = 'handshake';
    this.#send(0, 'ConnectionStart', connectionStart);
    return true;
  }

  /** The specification (4.2.2): answer with the header that is spoken here and close. */
  #refuseProtocol(): void {
    this.#options.onFault('not an AMQP 0-9-1 client');
    this.#write(protocolHeader);
    this.#end();
  }

  /** Closes when everything has been sent. */
  #end(): void {
    this.#socket.destroySoon();
    this.#cutOffLater();
  }

  /** A client that does not answer, or does not read, is not waited for. */
  #cutOffLater(): void {
    setTimeout(() => this.#socket.destroy(), farewellMs).unref();
  }

  #onError(error: unknown): void {
    // Whatever else is thrown comes from the codec, for malformed bytes.
    this.#closeWith(error instanceof AmqpError ? error : new AmqpError('frame-error', 'malformed frame'));
  }

  #closeWith(error: AmqpError): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') {
      this.#socket.destroy();
      return;
    }
    if (this.#phase === 'handshake') this.#options.onFault(error.replyText);
    this.#phase = 'closing';
    this.#closeChannels();
    this.#send(0, 'ConnectionClose', {
      replyCode: error.replyCode,
      replyText: error.replyText,
      classId: 0,
      methodId: 0,
    });
    this.#cutOffLater();
  }

  #onFrame(frame: Frame): void {
    if (frame.type === frameTypes.heartbeat) return;
    if (frame.channel === 0) {
      const method = frame.type === frameTypes.method ? decodeMethod(frame.payload) : null;
      if (method === null) throw new AmqpError('command-invalid', 'expected a connection method on channel 0');
      this.#onConnectionMethod(method);
      return;
    }
    if (this.#phase === 'closing') return;
    if (this.#phase !== 'running') throw new AmqpError('channel-error', 'expected the connection to be open first');
    this.#onChannelFrame(frame);
  }

  #onConnectionMethod(method: ClientMethod): void {
    if (method.kind === 'ConnectionClose') {
      this.#phase = 'closing';
      this.#closeChannels();
      this.#send(0, 'ConnectionCloseOk', {});
      this.#end();
    } else if (method.kind === 'ConnectionCloseOk' && this.#phase === 'closing') {
      this.#end();
    } else if (this.#phase === 'handshake') {
      const { reply, opened } = this.#handshake.handle(method);
      if (opened !== null) this.#onOpened(opened);
      if (reply !== null) this.#send(0, reply.name, reply.fields);
    } else if (this.#phase !== 'closing') {
      throw new AmqpError('command-invalid', `unexpected ${method.kind}`);
    }
  }

  #onOpened({ user, frameBytes, heartbeatSeconds }: Opened): void {
    clearTimeout(this.#handshakeTimer);
    this.#phase = 'running';
    this.#frameBytes = frameBytes;
    const { vhost, maximumMessageBytes } = this.#options;
    const isCongested = (): boolean => this.#socket.writableLength > congestionBytes;
    this.#host = {
      user,
      vhost,
      maximumMessageBytes,
      get congested() {
        return isCongested();
      },
      send: (channel, name, args) => this.#send(channel, name, args),
      sendContent: (channel, name, args, message) => this.#sendContent(channel, name, args, message),
    };
    if (heartbeatSeconds === 0) return;
    this.#heartbeats = startHeartbeats(
      heartbeatSeconds * 1000,
      () => this.#write(heartbeatFrame),
      () => this.#fail('missed heartbeats from client'),
    );
  }

  #onChannelFrame(frame: Frame): void {
    const channel = this.#channels.get(frame.channel);
    const method = frame.type === frameTypes.method ? decodeMethod(frame.payload) : undefined;
    if (method?.kind === 'ChannelOpen') {
      this.#openChannel(frame.channel);
    } else if (method?.kind === 'ChannelClose') {
      channel?.close();
      this.#channels.delete(frame.channel);
      this.#send(frame.channel, 'ChannelCloseOk', {});
    } else if (channel === null) {
      if (method?.kind === 'ChannelCloseOk') this.#channels.delete(frame.channel);
    } else if (channel === undefined) {
      throw new AmqpError('channel-error', `expected channel ${frame.channel} to be open`);
    } else {
      this.#passToChannel(channel, frame, method);
    }
  }

  #openChannel(number: number): void {
    if (this.#channels.has(number) || this.#host === undefined)
      throw new AmqpError('channel-error', `channel ${number} is open already`);
    if (number > maximumChannels) throw new AmqpError('not-allowed', `channel ${number} is above channel_max`);
    this.#channels.set(number, new Channel(number, this.#host));
    this.#send(number, 'ChannelOpenOk', {});
  }

  #passToChannel(channel: Channel, frame: Frame, method: ClientMethod | null | undefined): void {
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
      this.#send(frame.channel, 'ChannelClose', { replyCode, replyText, classId: 0, methodId: 0 });
    }
  }

  #resume(): void {
    for (const channel of this.#channels.values()) channel?.resume();
  }

  #write(bytes: Buffer): void {
    this.#heartbeats?.wrote();
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  #send(channel: number, name: ServerMethodName, fields: object): void {
    this.#write(encodeMethod(name, channel, fields));
  }

  #sendContent(channel: number, name: ServerMethodName, fields: object, message: Message): void {
    this.#socket.cork();
    this.#send(channel, name, fields);
    for (const frame of encodeContent(channel, message.header, message.body, this.#frameBytes)) this.#write(frame);
    this.#socket.uncork();
  }
}
