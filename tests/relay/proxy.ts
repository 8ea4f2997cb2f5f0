/** A TCP proxy for tests: it can cut every connection and refuse new ones, or keep all of them and forward nothing. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  /** The URL of the service, through the proxy. */
  readonly url: string;
  /** Cuts everything and refuses until `restore`. */
  readonly cut: () => void;
  /** Connections stay and new ones are taken, and nothing is forwarded until `restore`. */
  readonly stall: () => void;
  readonly restore: () => void;
  readonly close: () => Promise<void>;
}

export async function startProxy(serviceUrl: string): Promise<TcpProxy> {
  const target = new URL(serviceUrl);
  const sockets = new Set<Socket>();
  /** From where to where bytes go. */
  const ways = new Map<Socket, Socket>();
  let isCut = false;
  let isStalled = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      ways.delete(socket);
    });
  };
  const server = createServer((inner) => {
    keep(inner);
    if (isCut) {
      inner.destroy();
      return;
    }
    const outer = connect(Number(target.port), target.hostname);
    keep(outer);
    ways.set(inner, outer).set(outer, inner);
    if (!isStalled) inner.pipe(outer).pipe(inner);
    inner.on('close', () => outer.destroy());
    outer.on('close', () => inner.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serviceUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut: () => {
      isCut = true;
      cutAll();
    },
    stall: () => {
      isStalled = true;
      for (const [from, to] of ways) from.unpipe(to);
    },
    restore: () => {
      isCut = false;
      if (isStalled) for (const [from, to] of ways) from.pipe(to);
      isStalled = false;
    },
    close: async () => {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
