import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import pino from 'pino';
import { type ConnectProxy, startConnectProxy } from '../../tests/relay/connect-proxy.ts';
import { type Destination, openTunnel, type Tunnel } from './tunnel.ts';

const log = pino({ level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'mig-tunnel-'));
let relay: Server;
let to: Destination;
let proxy: ConnectProxy;
let tunnel: Tunnel;

/** Says what came to it, and who said it. */
before(async () => {
  relay = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(`relay heard ${bytes}`));
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  to = { host: '127.0.0.1', port: (relay.address() as AddressInfo).port };
});
after(() => {
  relay.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  proxy = await startConnectProxy();
});
afterEach(() => {
  tunnel.close();
  proxy.close();
});

async function open(...proxies: readonly string[]): Promise<Socket> {
  tunnel = await openTunnel(to, proxies, folder, log);
  return connect({ path: tunnel.path });
}

async function ask(socket: Socket): Promise<string> {
  socket.write('hello');
  const [answer] = await once(socket, 'data');
  return String(answer);
}

describe('the tunnel', () => {
  it('goes through the proxy, with its credentials', async () => {
    const socket = await open(`http://agent:s3%20cret@${proxy.host}`);
    assert.equal(await ask(socket), 'relay heard hello');
    const authorization = `Basic ${Buffer.from('agent:s3 cret').toString('base64')}`;
    assert.deepEqual(proxy.asked, [{ to: `127.0.0.1:${to.port}`, authorization }]);
    socket.destroy();
  });

  it('goes on to the next proxy when one refuses', async () => {
    const refusing = await startConnectProxy();
    refusing.refuseWith = 407;
    const socket = await open(`http://${refusing.host}`, `http://${proxy.host}`);
    assert.equal(await ask(socket), 'relay heard hello');
    assert.deepEqual([refusing.asked.length, proxy.asked.length], [1, 1]);
    socket.destroy();
    refusing.close();
  });

  it('goes without where no proxy is', async () => {
    const gone = await startConnectProxy();
    gone.close();
    const socket = await open(`http://${gone.host}`);
    assert.equal(await ask(socket), 'relay heard hello');
    socket.destroy();
  });

  it('ends with the connection behind it, and with the one before it', async () => {
    const arrived = once(relay, 'connection');
    const socket = await open(`http://${proxy.host}`);
    const [outer] = (await arrived) as [Socket];
    const ended = once(socket, 'close');
    outer.destroy();
    await ended;
    const again = once(relay, 'connection');
    const second = connect({ path: tunnel.path });
    const [outerAgain] = (await again) as [Socket];
    const outerEnded = once(outerAgain, 'close');
    second.destroy();
    await outerEnded;
  });

  it('ends the connection of the client when there is no way at all', async () => {
    proxy.refuseWith = 502;
    const nobody = await startConnectProxy();
    nobody.close();
    tunnel = await openTunnel(
      { host: '127.0.0.1', port: Number(nobody.host.split(':')[1]) },
      [`http://${proxy.host}`],
      folder,
      log,
    );
    const socket = connect({ path: tunnel.path });
    await once(socket, 'close');
    assert.equal(proxy.asked.length, 1);
  });

  it('takes the place of one that was left behind, and leaves nothing', async () => {
    const left = await openTunnel(to, [], folder, log);
    const socket = await open();
    assert.equal(await ask(socket), 'relay heard hello');
    socket.destroy();
    left.close();
    tunnel.close();
    assert.equal(existsSync(join(folder, 'tunnel')), false);
  });
});
