/** The way to the server through an HTTP proxy (CONNECT, RFC 9110, 9.3.6), as companies have one. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { exitCodes } from '../exit-codes.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';

let platform: ToyPlatform;
let proxy: Server;
let proxyHost: string;
/** What the proxy was asked to connect to, and with which credentials. */
let tunnels: { readonly to: string | undefined; readonly authorization: string | undefined }[];
let refuses = false;

function joinSockets(client: Socket, server: Socket): void {
  client.pipe(server).pipe(client);
  for (const socket of [client, server])
    socket.on('error', () => {
      client.destroy();
      server.destroy();
    });
}

before(async () => {
  platform = await startToyPlatform();
  proxy = createServer();
  proxy.on('connect', (request, client: Socket) => {
    tunnels.push({ to: request.url, authorization: request.headers['proxy-authorization'] });
    if (refuses) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const server = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      joinSockets(client, server);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  proxyHost = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
after(async () => {
  await platform.close();
  proxy.close();
});
beforeEach(() => {
  tunnels = [];
  refuses = false;
  for (const name of ['MIG_PROXY', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'])
    delete platform.environment[name];
});

const host = (): string => new URL(platform.relay.url).host;

describe('a proxy', () => {
  for (const name of ['MIG_PROXY', 'HTTPS_PROXY', 'https_proxy'])
    it(`is used when ${name} names it, with its credentials`, async () => {
      platform.environment[name] = `http://user:word@${proxyHost}`;
      const { exitCode, lines } = await platform.mig('toy', '-word', 'wget');
      assert.equal(exitCode, exitCodes.found);
      assert.match(lines.join('\n'), /^out: web1\S* knows wget$/m);
      const authorization = `Basic ${Buffer.from('user:word').toString('base64')}`;
      assert.ok(tunnels.length > 0);
      for (const tunnel of tunnels) assert.deepEqual(tunnel, { to: host(), authorization });
    });

  it('is passed by for the hosts of NO_PROXY', async () => {
    platform.environment.HTTPS_PROXY = `http://${proxyHost}`;
    platform.environment.NO_PROXY = 'example.org,127.0.0.1';
    assert.equal((await platform.mig('toy', '-word', 'wget')).exitCode, exitCodes.found);
    assert.deepEqual(tunnels, []);
  });

  it('is named when it refuses, without its credentials', async () => {
    refuses = true;
    platform.environment.MIG_PROXY = `http://user:word@${proxyHost}`;
    await assert.rejects(platform.mig('toy', '-word', 'wget'), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'server-unreachable');
      assert.match(error.message, new RegExp(`through the proxy ${proxyHost}: .*407`));
      assert.doesNotMatch(error.message, /user|word/);
      return true;
    });
  });

  it('is refused by name when it is no URL', async () => {
    platform.environment.HTTPS_PROXY = 'proxy.example.org:3128';
    await assert.rejects(platform.mig('toy', '-word', 'wget'), {
      code: 'settings-malformed',
      message: /^HTTPS_PROXY: expected a URL such as/,
    });
  });
});
