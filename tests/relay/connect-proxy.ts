/** An HTTP proxy for tests that keeps a list of what it was asked for. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

export interface ConnectProxy {
  readonly host: string;
  readonly asked: { readonly to: string | undefined; readonly authorization: string | undefined }[];
  /** From now on it refuses with this status; null lets everything through. */
  refuseWith: number | null;
  /** Ends every connection; new ones are let through. */
  readonly cut: () => void;
  readonly close: () => void;
}

export async function startConnectProxy(): Promise<ConnectProxy> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  const proxy: ConnectProxy = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    refuseWith: null,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      server.close();
      proxy.cut();
    },
  };
  server.on('connect', ({ url, headers }, inner: Socket) => {
    sockets.add(inner);
    inner.on('error', () => inner.destroy());
    proxy.asked.push({ to: url, authorization: headers['proxy-authorization'] });
    if (proxy.refuseWith !== null) {
      inner.end(`HTTP/1.1 ${proxy.refuseWith} Refused\r\n\r\n`);
      return;
    }
    const to = new URL(`http://${url}`);
    const outer = connect(Number(to.port), to.hostname.replaceAll(/^\[|\]$/g, ''), () => {
      inner.write('HTTP/1.1 200 Connected\r\n\r\n');
      pipeline(inner, outer, inner, () => outer.destroy());
    });
    outer.on('error', () => inner.destroy());
  });
  return proxy;
}
