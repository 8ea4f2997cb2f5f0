/**
 * Two gaps of the AMQP client. Frames that come together with the last one of the handshake are handled before anybody can
 * listen for errors, and an error without a listener ends the process. Closing a connection or a channel waits for ever
 * when the socket is lost before the broker has confirmed.
 */
import { BaseChannel } from '../node_modules/amqplib/lib/channel.js';
import { type Closable, Connection } from '../node_modules/amqplib/lib/connection.js';

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

/** Closes both gaps for every connection from now on. To be called before the first one. */
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
