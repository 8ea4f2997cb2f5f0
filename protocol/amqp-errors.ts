/**
 * What the AMQP client leaves open: the frames that a broker sends together with the last one of the handshake are looked
 * at before anybody can listen for errors of the connection, and an error that nobody listens for ends the process.
 */
import { Connection } from '../node_modules/amqplib/lib/connection.js';

let isGuarded = false;

/** To be called before the first connection; from then on each has a listener from its beginning. */
export function guardConnections(): void {
  if (isGuarded) return;
  isGuarded = true;
  const { open } = Connection.prototype;
  Connection.prototype.open = function (...parameters) {
    this.on('error', () => {});
    return open.apply(this, parameters);
  };
}
