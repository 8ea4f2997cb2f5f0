import assert from 'node:assert/strict';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Receipt } from '../../protocol/result/result.ts';
import { carryOut } from '../kit/carry-out.ts';
import { limits } from '../kit/testing/limits.ts';
import { module } from './module.ts';
import { run } from './run.ts';
import { ask, find } from './testing/ask.ts';
import { hasPerl, holdSockets } from './testing/perl.ts';

const isRoot = process.getuid?.() === 0;
const me = { pid: process.pid, user: userInfo().username };

interface Connection {
  readonly server: Server;
  readonly accepted: Socket;
  readonly client: Socket;
  readonly serverPort: number;
  readonly clientPort: number;
}

const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
});

async function makeConnection(listenOn: string, connectTo: string): Promise<Connection> {
  const server = createServer();
  server.listen(0, listenOn);
  await once(server, 'listening');
  const serverPort = (server.address() as AddressInfo).port;
  const client = connect(serverPort, connectTo);
  const [[accepted]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  closers.push(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { server, accepted, client, serverPort, clientPort: client.localPort ?? 0 };
}

async function bindUdp(): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => socket.close());
  return socket;
}

describe('sockets', () => {
  let ipv4: Connection;
  let ipv6: Connection;
  let mapped: Connection;
  before(async () => {
    ipv4 = await makeConnection('127.0.0.1', '127.0.0.1');
    ipv6 = await makeConnection('::1', '::1');
    mapped = await makeConnection('::', '127.0.0.1');
  });

  it('that listen are found by port, with their process', async () => {
    const [element, ...others] = await find({ listeningport: [String(ipv4.serverPort)] });
    assert.equal(others.length, 0);
    const { pid, user } = element?.process ?? {};
    assert.deepEqual({ pid, user }, me);
    const { localaddr, localport, protocol, state } = element ?? {};
    assert.deepEqual(
      { localaddr, localport, protocol, state },
      { localaddr: '127.0.0.1', localport: ipv4.serverPort, protocol: 'tcp', state: 'LISTEN' },
    );
  });

  it('that are connected from a port do not listen on it', async () => {
    assert.deepEqual(await find({ listeningport: [String(ipv4.clientPort)] }), []);
  });

  it('that are connected are found by the other end, both of them', async () => {
    const found = await find({ connectedip: ['127.0.0.0/8'] });
    const ends = found.map(({ localport, remoteport }) => `${localport} ${remoteport}`);
    assert.ok(ends.includes(`${ipv4.clientPort} ${ipv4.serverPort}`));
    assert.ok(ends.includes(`${ipv4.serverPort} ${ipv4.clientPort}`));
  });

  it('that listen are not connected to anything', async () => {
    const found = await find({ connectedip: ['0.0.0.0/0', '::/0'] });
    assert.deepEqual(
      found.filter(({ state, remoteaddr }) => state === 'LISTEN' || remoteaddr === undefined),
      [],
    );
  });

  it('of IPv6 are found', async () => {
    const found = await find({ connectedip: ['::1'] });
    assert.ok(found.some(({ localport, localaddr }) => localport === ipv6.clientPort && localaddr === '::1'));
  });

  it('with IPv4 inside IPv6 are found as IPv4', async () => {
    const found = await find({ connectedip: ['127.0.0.1'] });
    const end = found.find(
      ({ localport, remoteport }) => localport === mapped.serverPort && remoteport === mapped.clientPort,
    );
    assert.equal(end?.remoteaddr, '127.0.0.1');
    assert.equal(end?.process?.pid, process.pid);
  });

  it('of UDP listen until they are connected', async () => {
    const [waiting, connected] = [await bindUdp(), await bindUdp()];
    connected.connect(waiting.address().port, '127.0.0.1');
    await once(connected, 'connect');
    const [listening] = await find({ listeningport: [String(waiting.address().port)] });
    assert.equal(listening?.protocol, 'udp');
    assert.equal(listening?.process?.pid, process.pid);
    assert.deepEqual(await find({ listeningport: [String(connected.address().port)] }), []);
    const found = await find({ connectedip: ['127.0.0.1'] });
    const end = found.find(({ protocol, localport }) => protocol === 'udp' && localport === connected.address().port);
    assert.equal(end?.remoteport, waiting.address().port);
    assert.equal(end?.state, 'ESTABLISHED');
  });

  it('that a connection left behind have no process and no user', async () => {
    const { client, accepted, clientPort, serverPort } = await makeConnection('127.0.0.1', '127.0.0.1');
    accepted.resume();
    client.resume();
    client.end();
    await Promise.all([once(client, 'close'), once(accepted, 'close')]);
    const found = await find({ connectedip: ['127.0.0.1'] });
    const left = found.find(({ localport, remoteport }) => localport === clientPort && remoteport === serverPort);
    assert.equal(left?.state, 'TIME_WAIT');
    assert.equal(left?.process, undefined);
    assert.equal(left?.user, undefined);
  });

  it('of unix are found by path, with who is at the other end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mig-netstat-'));
    const server = createServer();
    server.listen(join(folder, 'a b.sock'));
    await once(server, 'listening');
    const client = connect(join(folder, 'a b.sock'));
    await Promise.all([once(server, 'connection'), once(client, 'connect')]);
    closers.push(() => {
      client.destroy();
      server.close();
      rmSync(folder, { recursive: true });
    });
    const found = await find({ unixsocket: ['mig-netstat-.*/a b\\.sock$'] });
    assert.deepEqual(found.map(({ state }) => state).sort(), ['ESTABLISHED', 'LISTEN']);
    const accepted = found.find(({ state }) => state === 'ESTABLISHED');
    assert.equal(accepted?.process?.pid, process.pid);
    assert.equal(accepted?.remoteprocess?.pid, process.pid);
  });

  it('of unix may have abstract names, also with bytes that are not UTF-8', {
    skip: !hasPerl && 'needs perl',
  }, async () => {
    const holder = await holdSockets(String.raw`
      socket(S, AF_UNIX, SOCK_DGRAM, 0) or die; bind(S, pack_sockaddr_un("\0mig-odd-\xff\n")) or die; ready($$)`);
    const [element] = await find({ unixsocket: ['^@mig-odd-'] });
    assert.equal(element?.path, '@mig-odd-\\xff\n');
    assert.equal(element?.process?.pid, holder.pid);
    await holder.stop();
  });

  it('that several processes hold name the first and the others', { skip: !hasPerl && 'needs perl' }, async () => {
    const holder = await holdSockets(`
      socket(S, AF_INET, SOCK_STREAM, 0) or die; bind(S, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die; listen(S, 1) or die;
      my ($port) = unpack_sockaddr_in(getsockname(S)); my $child = fork;
      if (!$child) { <STDIN>; exit 0 } ready($port, $child)`);
    const [port = '', child = ''] = holder.words;
    const [element] = await find({ listeningport: [port] });
    assert.equal(element?.process?.pid, holder.pid);
    assert.deepEqual(element?.otherpids, [Number(child)]);
    await holder.stop();
  });

  const needs = !hasPerl || !isRoot ? 'needs root and perl' : false;
  it('of the raw kind and below IP are found by protocol', { skip: needs }, async () => {
    const holder = await holdSockets(`
      socket(A, AF_INET, SOCK_RAW, 1) or die; socket(B, AF_INET6, SOCK_RAW, 89) or die; socket(C, 17, SOCK_RAW, 0x0300) or die;
      connect(A, pack_sockaddr_in(0, inet_aton("127.0.0.9"))) or die; ready($$)`);
    const found = await find({ rawprotocol: ['icmp', '89', 'packet'] });
    const mine = found.filter((element) => element.process?.pid === holder.pid);
    assert.deepEqual(
      mine.map(({ protocol, rawprotocol, ethertype }) => `${protocol} ${rawprotocol ?? ethertype}`).sort(),
      ['packet 0x0003', 'raw icmp', 'raw ospf'],
    );
    const [connected] = await find({ connectedip: ['127.0.0.9'] });
    assert.equal(connected?.protocol, 'raw');
    await holder.stop();
  });

  it('in great number are all found, each with its process', { skip: !hasPerl && 'needs perl' }, async () => {
    const count = 2000;
    const holder = await holdSockets(
      `for my $n (1..${count}) { socket(my $s, AF_INET, SOCK_DGRAM, 0) or die $!; push @s, $s;
        connect($s, pack_sockaddr_in(9, inet_aton("127.77.0.1"))) or die $! } ready($$)`,
      ['sh', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh'],
    );
    const found = await find({ connectedip: ['127.77.0.1'] });
    assert.equal(found.length, count);
    assert.ok(found.every((element) => element.process?.pid === holder.pid));
    assert.equal(new Set(found.map(({ localport }) => localport)).size, count);
    await holder.stop();
  });
});

describe('interfaces', () => {
  it('are found by all the addresses that Node knows', async () => {
    const known = Object.entries(networkInterfaces()).flatMap(([name, list = []]) =>
      list.map(({ address, mac }) => ({ name, address, mac })),
    );
    assert.ok(known.length > 0);
    for (const { name, address, mac } of known) {
      const found = await find({ localip: [address] });
      const element = found.find((one) => one.interface === name);
      assert.equal(element?.localaddr, address);
      assert.equal(element?.localmacaddr ?? '00:00:00:00:00:00', mac);
    }
  });

  it('are found by hardware address in either case', async (context) => {
    const [found] = await find({ localmac: ['.'] });
    if (found?.localmacaddr === undefined) return context.skip('no interface has a hardware address');
    const [again] = await find({ localmac: [`^${found.localmacaddr.toUpperCase()}$`] });
    return assert.equal(again?.localmacaddr, found.localmacaddr);
  });
});

describe('the result', () => {
  it('has only what was found', async () => {
    const { foundanything, elements } = await ask({ localip: ['127.0.0.1', '203.0.113.77'], listeningport: ['0'] });
    assert.equal(foundanything, true);
    assert.deepEqual(Object.keys(elements), ['localip']);
    assert.deepEqual(Object.keys(elements.localip ?? {}), ['127.0.0.1']);
  });

  it('says what was examined and what it cost', async () => {
    const { foundanything, receipt, statistics } = await ask({ connectedip: ['203.0.113.77'] });
    assert.equal(foundanything, false);
    assert.deepEqual(receipt, Receipt.parse(receipt));
    assert.equal(receipt.examined.namespaces, 1);
    assert.ok((receipt.examined.sockets ?? 0) > 0);
    assert.equal(statistics.examined, receipt.examined.sockets);
    assert.equal(receipt.cutshort, null);
  });

  it('ends where its size is reached and says so', async () => {
    const { receipt, elements } = await ask({ localip: ['0.0.0.0/0', '::/0'] }, { resultBytes: 150 });
    assert.equal(receipt.cutshort, 'result-size');
    assert.ok(JSON.stringify(elements).length < 150);
  });

  it('says that it was cancelled', async () => {
    const { receipt } = await ask({ listeningport: ['22'], searchnamespaces: true }, {}, AbortSignal.abort());
    assert.equal(receipt.cutshort, 'cancelled');
  });

  it('is a failure when RE2 refuses a pattern', async () => {
    const result = await carryOut(
      module,
      run,
      { localmac: ['a{1001}'] },
      { signal: new AbortController().signal, limits },
    );
    assert.equal(result.success, false);
    assert.match(result.errors.join(), /1001/);
  });
});
