/**
 * The one file that reaches behind what amqplib exports: by relative path, which Node resolves as it is and bundlers follow.
 * tools/package-internals.test.ts names the version that was looked at.
 */
import type { Socket } from 'node:net';
import type { Channel, ChannelModel } from 'amqplib';
import { BaseChannel } from '../node_modules/amqplib/lib/channel.js';
import { type Closable, Connection } from '../node_modules/amqplib/lib/connection.js';
import defs from '../node_modules/amqplib/lib/defs.js';
import frame from '../node_modules/amqplib/lib/frame.js';

/** AMQP 0-9-1 on the wire: methods with their fields, and frames. */
export const codec = { defs, frame };

let isGuarded = false;

/** Makes the end of the connection an answer to what was asked to close. */
function settleClosing(prototype: Closable): void {
  const { closeBecause } = prototype;
  prototype.closeBecause = function (reason, code, onClosed) {
    if (onClosed === undefined) return closeBecause.call(this, reason, code);
    let isClosed = false;
    const close = (): void => {
      if (!isClosed) onClosed();
      isClosed = true;
    };
    closeBecause.call(this, reason, code, close);
    this.once('close', close);
  };
}

/**
 * Closes two gaps for every connection from now on; to be called before the first one. Frames that come together with the
 * last one of the handshake are handled before anybody can listen for errors, and an error without a listener ends the
 * process. Closing a connection or a channel waits for ever when the socket is lost before the broker has confirmed.
 */
export function guardConnections(): void {
  if (isGuarded) return;
  isGuarded = true;
  const { open } = Connection.prototype;
  Connection.prototype.open = function (...parameters) {
    this.on('error', () => {});
    return open.apply(this, parameters);
  };
  settleClosing(Connection.prototype);
  settleClosing(BaseChannel.prototype);
}

/** A frame as a channel is handed it: a method with its fields, a header with a size, or content. */
interface ChannelFrame {
  readonly fields?: { readonly deliveryTag?: number };
  readonly size?: number;
  readonly content?: Buffer;
}
/** Takes a frame and gives what takes the next one. */
export type TakeFrame = (this: Channel, frame: ChannelFrame) => TakeFrame;

/** Puts what `wrap` makes of it in the place of what takes the channel's frames. */
export function wrapFrames(channel: Channel, wrap: (take: TakeFrame) => TakeFrame): void {
  const internals = channel as Channel & { handleMessage: TakeFrame };
  internals.handleMessage = wrap(internals.handleMessage);
}

/** The parts of a connection that reading goes through. */
interface InnerConnection {
  recvFrame: () => unknown;
  recvSinceLastCheck: boolean;
  readonly stream: Socket;
}

function toInner(model: ChannelModel): InnerConnection {
  return model.connection as unknown as InnerConnection;
}

/** For what can only be done to the socket itself. */
export function socketOf(model: ChannelModel): Socket {
  return toInner(model).stream;
}

/** More often than heartbeats are looked for. */
const signOfLifeMs = 1000;

/** Stops the reading of a connection for a while. */
export class ReadingPause {
  readonly #connection: InnerConnection;
  #timer: NodeJS.Timeout | undefined;

  constructor(model: ChannelModel) {
    const connection = toInner(model);
    this.#connection = connection;
    const receive = connection.recvFrame;
    connection.recvFrame = () => (this.#timer === undefined ? receive.call(connection) : false);
    model.once('close', () => this.#stop());
  }

  /** The peer is silent because it is not listened to: it counts as alive. */
  begin(): void {
    this.#timer ??= setInterval(() => {
      this.#connection.recvSinceLastCheck = true;
    }, signOfLifeMs);
  }

  end(): void {
    if (this.#timer === undefined) return;
    this.#stop();
    this.#connection.stream.emit('readable');
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
