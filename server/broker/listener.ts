/**
 * The embedded message broker: an AMQP 0-9-1 listener inside the server's process, for one machine and for trying out.
 * It keeps messages in memory only; what must survive is in the database, or still with the agent (`confirmWhenSettled`).
 */

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { findLoopback } from '../../host/loopback.ts';
import { AddressCounter } from './address-counter.ts';
import { Connection } from './connection.ts';
import type { BrokerUser } from './permissions.ts';
import { Vhost } from './vhost.ts';

export interface BrokerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM; null listens without TLS. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Also listen on a free loopback port without TLS, for this process itself. */
  readonly listenForOwn?: boolean;
  readonly users: readonly BrokerUser[];
  /** The only virtual host; `/` unless told. */
  readonly vhost?: string;
  readonly maximumMessageBytes: number;
  /** Bytes of all messages together; what would exceed it is refused to the publisher. 384 MiB unless told. */
  readonly maximumBytes?: number;
  /** How long a large message of which nothing comes any more is waited for when others need its room; 10 s unless told. */
  readonly patienceMs?: number;
  /** 12,000 unless told; half of them from one address. */
  readonly maximumConnections?: number;
  /** Time for a connection to open, login included; 10 s unless told. */
  readonly handshakeTimeoutMs?: number;
  /** Queues whose messages exist nowhere else: a publisher's confirm waits for the consumer's acknowledgement. */
  readonly confirmWhenSettled?: Iterable<string>;
  /** Told of clients that broke the protocol or could not log in; the text holds nothing of what they sent but names. */
  readonly onFault?: (what: string, address: string) => void;
}

export interface Broker {
  readonly port: number;
  /** The port of `listenForOwn`; null without it. */
  readonly ownPort: number | null;
  /** Bytes of all messages held. */
  readonly heldBytes: () => number;
  /** Asks all clients to go and resolves when the last connection is closed. */
  readonly close: () => Promise<void>;
}

const shutDownMs = 500;
const mebibyte = 1024 * 1024;

/** Listens until closed. Rejects with the system's error when the address cannot be had. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const maximumConnections = options.maximumConnections ?? 12_000;
  const vhost = new Vhost({
    name: options.vhost ?? '/',
    maximumBytes: options.maximumBytes ?? 384 * mebibyte,
    maximumQueues: 2 * maximumConnections,
    begun: {
      // The largest message with its header.
      large: {
        maximumBytes: options.maximumMessageBytes + mebibyte,
        patienceMs: options.patienceMs ?? 10_000,
      },
      // Those that come whole need it for a moment: the oldest is one that does not.
      small: { maximumBytes: 32 * mebibyte, patienceMs: 0 },
    },
    confirmWhenSettled: new Set(options.confirmWhenSettled),
  });
  const handshakeTimeoutMs = options.handshakeTimeoutMs ?? 10_000;
  const connections = new Set<Connection>();
  const onSocket = (socket: Socket, onGone = (): void => {}): void => {
    const address = socket.remoteAddress ?? 'unknown';
    const connection = new Connection(socket, {
      vhost,
      users: options.users,
      maximumMessageBytes: options.maximumMessageBytes,
      handshakeTimeoutMs,
      onClosed: () => {
        onGone();
        connections.delete(connection);
      },
      onFault: (what) => options.onFault?.(what, address),
    });
    connections.add(connection);
  };
  const addresses = new AddressCounter(maximumConnections / 2);
  const onStranger = (socket: Socket): void => {
    const address = socket.remoteAddress ?? 'unknown';
    if (addresses.add(address)) onSocket(socket, () => addresses.remove(address));
    else socket.destroy();
  };
  const { tls } = options;
  const main =
    tls === null
      ? createServer(onStranger)
      : createTlsServer({ ...tls, minVersion: 'TLSv1.2', handshakeTimeout: handshakeTimeoutMs }, onStranger);
  main.maxConnections = maximumConnections;
  main.on('tlsClientError', (_error, socket: Socket) => socket.destroy());
  const own = options.listenForOwn === true ? createServer((socket) => onSocket(socket)) : null;

  const close = async (): Promise<void> => {
    for (const connection of connections) connection.shutDown();
    const timer = setTimeout(() => {
      for (const connection of connections) connection.destroy();
    }, shutDownMs);
    await Promise.all([main, own].map((server) => new Promise((resolve) => server?.close(resolve) ?? resolve(null))));
    clearTimeout(timer);
    vhost.close();
  };
  try {
    const port = await listen(main, options.host, options.port);
    const ownPort = own === null ? null : await listen(own, findLoopback(), 0);
    return { port, ownPort, heldBytes: () => vhost.heldBytes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  return bound !== null && typeof bound === 'object' ? bound.port : 0;
}
