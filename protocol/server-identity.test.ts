import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { connect, createServer, type Server } from 'node:tls';
import { generate } from 'selfsigned';
import { checkIdentity } from './server-identity.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

describe('the identity of a server', { skip: hasIpv6 ? false : 'this machine has no IPv6' }, () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) server.close();
  });

  async function reach(...names: readonly string[]) {
    const altNames = names.map((name) =>
      /^[\d.:]+$/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
    );
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'relay' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames }],
    });
    const server = createServer({ cert, key }, (socket) => socket.end());
    servers.push(server);
    server.listen(0, '::1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host: '::1', port, ca: cert, checkServerIdentity: checkIdentity });
    return once(socket, 'secureConnect').then(
      () => 'trusted',
      (error: Error & { readonly code?: string }) => error.code,
    );
  }

  let other: string | undefined;
  before(async () => {
    other = await reach('relay.example.org', '127.0.0.1', '::2');
  });

  test('may be an IPv6 address', async () => assert.equal(await reach('relay.example.org', '::1'), 'trusted'));
  test('is no other address', () => assert.equal(other, 'ERR_TLS_CERT_ALTNAME_INVALID'));
});
