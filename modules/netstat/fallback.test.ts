/** Kernels and sandboxes without sock_diag: the text files of /proc/net must give the same answers. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { on, once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { arch } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OperationResult } from '../../protocol/result/result.ts';
import { module, type NetstatElement } from './module.ts';
import { ask } from './testing/ask.ts';
import { hasPerl, holdSockets } from './testing/perl.ts';

/**
 * Runs a command that cannot open NETLINK_SOCK_DIAG (4): a seccomp filter makes socket(AF_NETLINK, *, 4) fail with
 * EPROTONOSUPPORT. The numbers are those of x86-64.
 */
const withoutSockDiag = `
  my @filter = ([0x20, 0, 0, 0], [0x15, 0, 5, 41], [0x20, 0, 0, 16], [0x15, 0, 3, 16], [0x20, 0, 0, 32], [0x15, 0, 1, 4],
    [6, 0, 0, 0x50000 | 93], [6, 0, 0, 0x7fff0000]);
  my $code = join "", map { pack "SCCL", @$_ } @filter;
  my $program = pack "S x![Q] P", scalar @filter, $code;
  syscall(157, 38, 1, 0, 0, 0) == 0 or die $!;
  syscall(157, 22, 2, $program) == 0 or die $!;
  exec @ARGV or die $!;`;

/** A busy machine has tens of thousands of sockets. */
const maxBuffer = 256 * 1024 * 1024;

const parameters = {
  connectedip: ['127.0.0.1', '::1'],
  listeningport: ['!0'],
  rawprotocol: ['any'],
  unixsocket: ['.'],
};

/** Without the fields of sock_diag alone, and without other programs' sockets, which come and go. */
function toComparable(
  elements: Readonly<Record<string, Readonly<Record<string, readonly NetstatElement[]>>>>,
  pids: readonly number[],
): string[] {
  const all = Object.entries(elements).flatMap(([parameter, byValue]) =>
    Object.values(byValue).flatMap((found) => found.map((element): [string, NetstatElement] => [parameter, element])),
  );
  return all
    .filter(([, element]) => pids.includes(element.process?.pid ?? 0))
    .map(([parameter, { remoteprocess: _, ...element }]) => JSON.stringify([parameter, element]))
    .sort();
}

const skip = !hasPerl || arch() !== 'x64' ? 'needs perl and x64: the text tables are NOT tested' : false;

describe('the text tables', { skip }, () => {
  it('give the same sockets as sock_diag', async (context) => {
    const isRoot = process.getuid?.() === 0;
    const holder = await holdSockets(String.raw`
      ${isRoot ? 'socket(A, AF_INET, SOCK_RAW, 1) or die; socket(B, AF_INET6, SOCK_RAW, 89) or die; socket(C, 17, SOCK_RAW, 0x0300) or die;' : ''}
      socket(D, AF_INET, SOCK_DGRAM, 0) or die; bind(D, pack_sockaddr_in(0, INADDR_ANY)) or die;
      socket(E, AF_INET6, SOCK_DGRAM, 0) or die; bind(E, pack_sockaddr_in6(0, Socket::IN6ADDR_LOOPBACK)) or die;
      socket(F, AF_UNIX, SOCK_STREAM, 0) or die; bind(F, pack_sockaddr_un("\0mig fallback \xfe")) or die; listen(F, 1) or die;
      ready($$)`);
    const server = createServer().listen(0, '::');
    await once(server, 'listening');
    // Accepted; otherwise no process holds the server's ends.
    const accepted = on(server, 'connection');
    const port = (server.address() as AddressInfo).port;
    const clients = ['127.0.0.1', '::1'].map((address) => connect(port, address));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    for (const _ of clients) (await accepted.next()).value[0].resume();
    context.after(async () => {
      for (const client of clients) client.destroy();
      server.close();
      await holder.stop();
    });

    const script = join(import.meta.dirname, '..', 'kit', 'testing', 'ask-as.ts');
    const command = ['-e', withoutSockDiag, process.execPath, script, 'netstat', JSON.stringify(parameters)];
    const result = OperationResult.parse(JSON.parse(execFileSync('perl', command, { encoding: 'utf8', maxBuffer })));
    const withDiag = await ask(parameters);
    const pids = [process.pid, holder.pid];
    const found = toComparable(module.elements.parse(result.elements), pids);
    assert.deepEqual(found, toComparable(withDiag.elements, pids));
    // Two connections have four ends; the server and the other process's sockets come in addition.
    assert.equal(found.length, 4 + 1 + (isRoot ? 6 : 3));
    assert.ok((result.statistics.examined ?? 0) > 0);
  });
});
