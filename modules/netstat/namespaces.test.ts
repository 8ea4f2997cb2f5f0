/** Network namespaces, neighbours and missing rights; all tests need root, iproute2 and util-linux. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type * as z from 'zod';
import { OperationResult } from '../../protocol/result/result.ts';
import type { module } from './module.ts';
import { ask, find } from './testing/ask.ts';
import { type Holder, hasPerl, holdSockets } from './testing/perl.ts';

const hasTools = ['ip', 'setpriv'].every((tool) => spawnSync(tool, ['--version']).error === undefined);
const isAble = process.getuid?.() === 0 && hasPerl && hasTools;
const skip = isAble ? false : 'needs root, perl, iproute2 and util-linux: namespaces and neighbours are NOT tested';

const lived = `mig-test-${process.pid}-a`;
const empty = `mig-test-${process.pid}-b`;
const inLived = ['ip', 'netns', 'exec', lived];

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}

/** Runs the module in a process of its own, under a command that removes rights. */
function askAs(prefix: readonly string[], parameters: z.input<typeof module.parameters>): OperationResult {
  const script = join(import.meta.dirname, '..', 'kit', 'testing', 'ask-as.ts');
  const [command = '', ...args] = [...prefix, process.execPath, script, 'netstat', JSON.stringify(parameters)];
  return OperationResult.parse(JSON.parse(execFileSync(command, args, { encoding: 'utf8' })));
}

describe('network namespaces', { skip }, () => {
  let holders: readonly Holder[];
  let port: string;

  before(async () => {
    ip('netns', 'add', lived);
    ip('netns', 'add', empty);
    for (const [name, address] of [
      [lived, '10.91.0.1'],
      [empty, '10.92.0.1'],
    ] as const) {
      ip('-n', name, 'link', 'set', 'lo', 'up');
      ip('-n', name, 'addr', 'add', `${address}/32`, 'dev', 'lo');
    }
    ip('-n', lived, 'link', 'add', 'left', 'address', '02:91:00:00:00:0a', 'type', 'veth', 'peer', 'name', 'right');
    ip('-n', lived, 'link', 'set', 'left', 'up');
    ip('-n', lived, 'link', 'set', 'right', 'up');
    ip('-n', lived, 'neigh', 'add', '10.91.0.2', 'lladdr', '02:91:00:00:00:02', 'dev', 'left');
    ip('-n', lived, 'neigh', 'add', 'fd91::2', 'lladdr', '02:91:00:00:00:06', 'dev', 'left');
    const listen = `socket(S, AF_INET, SOCK_STREAM, 0) or die; bind(S, pack_sockaddr_in(0, INADDR_ANY)) or die; listen(S, 1) or die;
      ready(unpack_sockaddr_in(getsockname(S)))`;
    holders = [await holdSockets(listen, inLived), await holdSockets('ready()', inLived)];
    port = holders[0]?.words[0] ?? '';
  });

  after(async () => {
    for (const holder of holders ?? []) await holder.stop();
    for (const name of [lived, empty]) if (existsSync(`/run/netns/${name}`)) ip('netns', 'delete', name);
  });

  it('are not entered unless they are asked for', async () => {
    const { elements, receipt } = await ask({ localip: ['10.91.0.1', '10.92.0.1'] });
    assert.deepEqual(elements, {});
    assert.equal(receipt.examined.namespaces, 1);
  });

  it('are entered once each, with or without processes', async () => {
    const { elements, receipt } = await ask({ localip: ['10.91.0.1', '10.92.0.1'], searchnamespaces: true });
    assert.equal(elements.localip?.['10.91.0.1']?.length, 1);
    assert.equal(elements.localip?.['10.92.0.1']?.length, 1);
    assert.ok((receipt.examined.namespaces ?? 0) >= 3);
  });

  it('give their sockets with the process and the name of the namespace', async () => {
    const found = await find({ listeningport: [port], searchnamespaces: true });
    const mine = found.filter((element) => element.process?.pid === holders[0]?.pid);
    assert.equal(mine.length, 1);
    assert.equal(mine[0]?.namespace, readlinkSync(`/proc/${holders[0]?.pid}/ns/net`));
  });

  it('are left again', async () => {
    await ask({ localip: ['10.92.0.1'], searchnamespaces: true });
    assert.deepEqual(await find({ localip: ['10.91.0.1', '10.92.0.1'] }), []);
  });

  it('have neighbours of IPv4 and IPv6, without multicast', async () => {
    const found = await find({ neighborip: ['0.0.0.0/0', '::/0'], searchnamespaces: true });
    const mine = found.filter((element) => element.interface === 'left' || element.interface === 'right');
    assert.deepEqual(
      mine.map(({ remoteaddr, remotemacaddr, state }) => `${remoteaddr} ${remotemacaddr} ${state}`).sort(),
      ['10.91.0.2 02:91:00:00:00:02 PERMANENT', 'fd91::2 02:91:00:00:00:06 PERMANENT'],
    );
  });

  it('have neighbours and interfaces by hardware address, in either case', async () => {
    const neighbours = await find({ neighbormac: ['^02:91:.*:06$'], searchnamespaces: true });
    assert.deepEqual(
      neighbours.map(({ remoteaddr }) => remoteaddr),
      ['fd91::2'],
    );
    const [link] = await find({ localmac: ['^02:91:00:00:00:0A$'], searchnamespaces: true });
    assert.equal(link?.interface, 'left');
  });

  it('that may not be entered are noted, the rest is answered', () => {
    const { success, errors, receipt } = askAs(['setpriv', '--bounding-set', '-sys_admin'], {
      localip: ['127.0.0.1'],
      searchnamespaces: true,
    });
    assert.equal(success, true);
    assert.equal(receipt.examined.namespaces, 1);
    assert.ok(errors.some((line) => line.includes('CAP_SYS_ADMIN')));
    const denied = receipt.skipped.find(({ reason }) => reason === 'no-permission');
    assert.ok((denied?.count ?? 0) >= 2);
  });

  it('and processes that may not be seen are noted', () => {
    const as = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const { success, errors, receipt } = askAs(as, {
      localip: ['127.0.0.1'],
      listeningport: ['!0'],
      searchnamespaces: true,
    });
    assert.equal(success, true);
    assert.ok(errors.some((line) => line.includes('CAP_SYS_PTRACE')));
    assert.ok(receipt.skipped.some(({ reason, count }) => reason === 'no-permission' && count > 0));
  });
});
