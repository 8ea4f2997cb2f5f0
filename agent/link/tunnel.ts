/**
 * The way to the relay through HTTP proxies (CONNECT, RFC 9110, 9.3.6). The AMQP client connects to a local socket in the
 * state folder, which only this agent's user can reach; each connection there is joined to one through a proxy. TLS goes
 * through from end to end: a proxy sees where to, and nothing else.
 */
import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { explainConnection } from '../../host/connection-problem.ts';
import type { Log } from '../../host/log.ts';
import { OutageLog } from '../../host/outage-log.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { StateCode } from '../state/state-directory.ts';
import { relaySettings } from './relay-address.ts';

export interface Destination {
  readonly host: string;
  readonly port: number;
}

export interface Tunnel {
  /** For `net.connect({ path })`. */
  readonly path: string;
  readonly close: () => void;
}

const answerTimeoutMs = 10_000;
const keepAliveMs = 30_000;

function toAuthority({ host, port }: Destination): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function toCredentials({ username, password }: URL): { readonly 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(plain).toString('base64')}` };
}

/** Rejects when the proxy is not there, does not answer in time, or refuses. */
function connectThrough(proxy: URL, to: Destination): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const authority = toAuthority(to);
    const asking = request({
      host: proxy.hostname.replaceAll(/^\[|\]$/g, ''),
      port: proxy.port === '' ? 80 : Number(proxy.port),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...toCredentials(proxy) },
      timeout: answerTimeoutMs,
    });
    asking.once('connect', ({ statusCode }, socket: Socket, head: Buffer) => {
      socket.setTimeout(0);
      if (statusCode === 200) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      } else {
        socket.destroy();
        reject(new Error(`the proxy refused with ${statusCode}`));
      }
    });
    asking.once('response', ({ statusCode }) => {
      asking.destroy();
      reject(new Error(`the proxy answered ${statusCode}`));
    });
    asking.once('timeout', () =>
      asking.destroy(new Error(`the proxy did not answer within ${answerTimeoutMs / 1000} s`)),
    );
    asking.once('error', reject);
    asking.end();
  });
}

function connectDirectly(to: Destination): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(to.port, to.host);
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Each proxy in its turn, then without: a laptop is not always behind them. */
class Ways {
  readonly #to: Destination;
  readonly #proxies: readonly { readonly url: URL; readonly outage: OutageLog }[];
  readonly #direct: OutageLog;

  constructor(to: Destination, proxies: readonly string[], log: Log) {
    this.#to = to;
    this.#proxies = proxies.map((text) => ({
      url: new URL(text),
      outage: new OutageLog(log, { lost: 'no way through this proxy', back: 'this proxy leads to the relay again' }),
    }));
    this.#direct = new OutageLog(log, { lost: 'no way without a proxy', back: 'a way without a proxy again' });
  }

  /** Rejects when none leads to the relay. */
  async find(): Promise<Socket> {
    for (const { url, outage } of this.#proxies)
      try {
        const socket = await connectThrough(url, this.#to);
        outage.recovered();
        return socket;
      } catch (error) {
        outage.failed({ proxy: url.host, reason: toMessage(error) });
      }
    try {
      const socket = await connectDirectly(this.#to);
      this.#direct.recovered();
      return socket;
    } catch (error) {
      this.#direct.failed({ ...explainConnection(error, relaySettings) });
      throw error;
    }
  }
}

/** Joins what the AMQP client opened to a connection to the relay; the end of one is the end of the other. */
async function joinToRelay(inner: Socket, findWay: () => Promise<Socket>): Promise<void> {
  inner.on('error', () => inner.destroy());
  try {
    const outer = await findWay();
    outer.setNoDelay(true);
    outer.setKeepAlive(true, keepAliveMs);
    pipeline(inner, outer, inner, () => {
      inner.destroy();
      outer.destroy();
    });
  } catch {
    // The client sees the end of its connection and tries again later.
    inner.destroy();
  }
}

function socketPath(stateDirectory: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\mig-agent-${process.pid}` : join(stateDirectory, 'tunnel');
}

/** @throws CodedError<StateCode> state-unusable */
export async function openTunnel(
  to: Destination,
  proxies: readonly string[],
  stateDirectory: string,
  log: Log,
): Promise<Tunnel> {
  const path = socketPath(stateDirectory);
  // Of an agent that was killed: this one holds the folder's lock. Windows' pipes end with their process.
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const ways = new Ways(to, proxies, log);
  const server = createServer((inner) => void joinToRelay(inner, () => ways.find()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new CodedError<StateCode>('state-unusable', `expected to make a socket at ${path}: ${cause.message}`, {
          hint: 'a path of more than 100 characters is too long for it: name a shorter one with --state FOLDER',
          cause,
        }),
      ),
    );
    server.listen(path, resolve);
  });
  server.unref();
  return { path, close: () => server.close() };
}
