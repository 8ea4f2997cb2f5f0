/**
 * What the AMQP client leaves open. The frames that a broker sends together with the last one of the handshake are looked
 * at before anybody can listen for errors of the connection, and an error that nobody listens for ends the process. And
 * who closes a connection or a channel waits for ever when the socket is lost before the broker has said yes.
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

/** To be called before the first connection; from then on each has a listener from its beginning, and closing has an end. */
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
