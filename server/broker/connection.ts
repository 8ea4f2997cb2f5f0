/** One client connection: handshake, frames to channels, heartbeats, and how it ends. */
import type { Socket } from 'node:net';
import { BrokerAccess } from './access.ts';
import { AmqpError } from './amqp-error.ts';
import { BegunOfConnection } from './begun-messages.ts';
import { ChannelTable } from './channel-table.ts';
import {
  type ClientMethod,
  decodeMethod,
  encodeContent,
  encodeMethod,
  type Frame,
  frameTypes,
  heartbeatFrame,
  protocolHeader,
  type ServerMethodName,
} from './codec.ts';
import { FrameReader } from './frame-reader.ts';
import { connectionStart, Handshake, type Opened } from './handshake.ts';
import { type AmqpHeartbeats, startHeartbeats } from './heartbeats.ts';
import type { Message } from './message.ts';
import type { BrokerUser } from './permissions.ts';
import { UnreadReplies } from './unread-replies.ts';
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

/** Time between the last message to a client and the end of its connection. */
const farewellMs = 1000;
/** Finds out about peers that are gone without a word, also where they asked for no heartbeats. */
const keepAliveMs = 60_000;

type Phase = 'header' | 'handshake' | 'running' | 'closing' | 'closed';

export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #handshakeTimer: NodeJS.Timeout;
  readonly #handshake: Handshake;
  #heartbeats: AmqpHeartbeats | undefined;
  #phase: Phase = 'header';
  readonly #reader = new FrameReader();
  readonly #unread: UnreadReplies;
  /** Undefined before the connection is open. */
  #channels: ChannelTable | undefined;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#unread = new UnreadReplies(socket);
    this.#handshake = new Handshake(options.users, options.vhost.options.name);
    this.#handshakeTimer = setTimeout(() => this.#fail('handshake took too long'), options.handshakeTimeoutMs);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('data', (bytes) => this.#onData(bytes));
    socket.on('drain', () => this.#channels?.resume());
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
    this.#channels?.closeAll();
    this.#options.onClosed();
  }

  #onData(bytes: Buffer): void {
    this.#heartbeats?.heard();
    this.#reader.push(bytes);
    this.#socket.cork();
    try {
      if (this.#phase === 'header' && !this.#takeProtocolHeader()) return;
      for (let frame = this.#reader.next(); frame !== null; frame = this.#reader.next()) {
        this.#onFrame(frame);
        if (this.#socket.destroyed) return;
      }
      this.#reader.compact();
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#socket.uncork();
      this.#unread.pauseWhenTooMany();
    }
  }

  #takeProtocolHeader(): boolean {
    const header = this.#reader.takeProtocolHeader();
    if (header === 'wrong') this.#refuseProtocol();
    if (header !== 'taken') return false;
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
    this.#channels?.closeAll();
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
    if (this.#channels === undefined) throw new AmqpError('channel-error', 'expected the connection to be open first');
    this.#channels.onFrame(frame);
  }

  #onConnectionMethod(method: ClientMethod): void {
    if (method.kind === 'ConnectionClose') {
      this.#phase = 'closing';
      this.#channels?.closeAll();
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
    this.#reader.maximumFrameBytes = frameBytes;
    const { vhost, maximumMessageBytes } = this.#options;
    const begun = new BegunOfConnection(vhost.begun, maximumMessageBytes, () => {
      this.#options.onFault('a message was not finished, and others need the room');
      this.#closeWith(new AmqpError('connection-forced', 'message was not finished, and others need the room'));
    });
    const isCongested = (): boolean => this.#socket.writableLength > congestionBytes;
    this.#channels = new ChannelTable({
      access: new BrokerAccess(user),
      vhost,
      begin: (bodyBytes, headerBytes) => begun.begin(bodyBytes, headerBytes),
      get congested() {
        return isCongested();
      },
      send: (channel, name, args) => this.#send(channel, name, args),
      sendContent: (channel, name, args, message) => this.#sendContent(channel, name, args, message),
    });
    if (heartbeatSeconds === 0) return;
    this.#heartbeats = startHeartbeats(
      heartbeatSeconds * 1000,
      () => this.#write(heartbeatFrame),
      () => this.#fail('missed heartbeats from client'),
    );
  }

  #write(bytes: Buffer): void {
    this.#heartbeats?.wrote();
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  #send(channel: number, name: ServerMethodName, fields: object): void {
    const bytes = encodeMethod(name, channel, fields);
    this.#unread.add(bytes.length);
    this.#write(bytes);
  }

  #sendContent(channel: number, name: ServerMethodName, fields: object, message: Message): void {
    this.#socket.cork();
    this.#write(encodeMethod(name, channel, fields));
    const { maximumFrameBytes } = this.#reader;
    for (const frame of encodeContent(channel, message.header, message.body, maximumFrameBytes)) this.#write(frame);
    this.#socket.uncork();
  }
}
