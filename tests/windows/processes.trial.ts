/** Processes, sockets and memory as Windows tells of them. Runs under wine, see ../windows.long.ts. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { ask as askMemory } from '../../modules/memory/testing/ask.ts';
import { ask as askNetwork } from '../../modules/netstat/testing/ask.ts';
import { ask as askProcess, findPids } from '../../modules/process/testing/ask.ts';
import { native } from '../../native/index.ts';

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill();
});

/** A Node that waits, with these arguments. */
function startTarget(...parameters: string[]): number {
  const options = { stdio: 'ignore', windowsHide: true } as const;
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', ...parameters], options);
  children.push(child);
  return child.pid ?? 0;
}

const sha256 = createHash('sha256').update(readFileSync(process.execPath)).digest('hex');

describe('a process', () => {
  const tricky = ['two words', 'quote"inside', 'ends\\', 'back\\"both', '', 'ümlaut'];
  const pid = startTarget(...tricky);

  it('has its arguments as they were given, its executable, its user and its parent', async () => {
    const { hits } = await askProcess({ ppids: [process.pid], options: { returnsha256: true } });
    const found = hits.find((hit) => hit.pid === pid);
    assert.ok(found !== undefined);
    assert.equal(found.cmd, [process.execPath, '-e', 'setInterval(() => {}, 1000)', ...tricky].join(' '));
    assert.equal(found.exe, process.execPath);
    assert.equal(found.name, 'node.exe');
    assert.match(found.user ?? '', /\S/);
    assert.equal(found.sha256, sha256);
    assert.equal(found.deleted, undefined);
  });

  const filters: readonly [string, Parameters<typeof findPids>[0]][] = [
    ['name', { names: ['^node\\.exe$'] }],
    ['command line', { cmds: ['two words quote"inside'] }],
    ['path', { exes: ['(?i)\\\\node\\.exe$'] }],
    ['number of its user', { users: ['^S-1-5-'] }],
    ['digest', { sha2: [sha256] }],
    ['age', { newerthan: '10m' }],
  ];
  for (const [name, filter] of filters)
    it(`is found by its ${name}`, async () => assert.ok((await findPids(filter)).includes(pid)));

  it('does not tell a secret of its command line', async () => {
    const secret = startTarget('--password=hunter2hunter2');
    const { hits } = await askProcess({ cmds: ['hunter2'] });
    assert.deepEqual(
      hits.map((hit) => hit.pid),
      [secret],
    );
    assert.doesNotMatch(hits[0]?.cmd ?? '', /hunter2/);
  });

  it('is not taken for another one that had its number', async () => {
    const reader = native().openProcessReader(0);
    const [facts] = await reader.read([pid]).done;
    assert.ok(facts?.kind === 'facts');
    const wrong = await reader.digest(pid, facts.startTicks + 1, ['sha256']).done;
    assert.deepEqual(wrong, { kind: 'failed', reason: 'vanished' });
  });
});

describe('sockets', () => {
  it('of UDP have their port and the process that listens', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { elements } = await askNetwork({ listeningport: [String(socket.address().port)] });
    const [found] = Object.values(elements.listeningport ?? {}).flat();
    assert.deepEqual([found?.localaddr, found?.protocol, found?.process?.pid], ['127.0.0.1', 'udp', process.pid]);
    const { hits } = await askProcess({ names: ['^node'] });
    const listening = hits.find(({ pid }) => pid === process.pid)?.listening ?? [];
    assert.ok(listening.some(({ port }) => port === socket.address().port));
    socket.close();
  });

  it('of TCP have both ends and the state', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    const { elements, errors } = await askNetwork({ connectedip: ['127.0.0.1'] });
    const found = (elements.connectedip?.['127.0.0.1'] ?? []).find(({ remoteport }) => remoteport === port);
    assert.deepEqual(
      [found?.state, found?.localport, found?.process?.pid],
      ['ESTABLISHED', client.localPort, process.pid],
    );
    // Things that the system does not list are reported, not silently left out.
    assert.ok(errors.some((line) => line.startsWith('raw sockets: ')));
    client.destroy();
    server.close();
  });

  it('belong to interfaces with addresses', async () => {
    const { elements } = await askNetwork({ localip: ['127.0.0.1'] });
    assert.equal(elements.localip?.['127.0.0.1']?.length, 1);
  });
});

describe('memory', () => {
  // Wine tells only a process itself which of its pages are in memory: the engine looks at this process here.
  async function search(needles: readonly string[], fromAddress = 0) {
    const [own] = await native().openProcessReader(0).read([process.pid]).done;
    assert.ok(own?.kind === 'facts');
    const plan = {
      scopes: [{ fromAddress, maxBytes: 0 }],
      needles: needles.map((pattern) => ({ kind: 'content' as const, pattern, scope: 0 })),
      cpuPercent: 0,
    };
    const reader = native().openMemoryReader(plan);
    const indexes = needles.map((_, index) => index);
    const findings = await reader.search(own.pid, own.startTicks, indexes).done;
    return { reader, own, findings };
  }

  it('is found across the borders of pages, and only what is there', async () => {
    const held = Buffer.alloc(3 << 20);
    const count = 64;
    // In two parts: the whole text is only in this buffer, neither in a string nor in a pattern.
    for (let index = 0; index < count; index += 1) {
      const end = index * 40_960 + 4090 + held.write(`needle<${index}>`, index * 40_960 + 4090);
      held.fill('f', end, end + 8);
    }
    const needles = Array.from({ length: count }, (_, index) => `needle<${index}>[0-9a-f]{8}`);
    const { findings } = await search([...needles, `needle<${count}>[0-9a-f]{8}`]);
    assert.equal(findings.failure, null);
    assert.deepEqual(
      findings.hits.map(({ needle }) => needle).sort((a, b) => a - b),
      needles.map((_, index) => index),
    );
    assert.ok(held.length <= findings.readBytes);
  });

  it('has mapped files by their paths, none of them altered', async () => {
    const { reader, own } = await search(['x']);
    const mappings = await reader.mappings(own.pid, own.startTicks).done;
    assert.ok(mappings.kind === 'mappings');
    const paths = mappings.files.map(({ path }) => Buffer.from(path).toString().toLowerCase());
    assert.ok(paths.includes(process.execPath.toLowerCase()));
    assert.ok(paths.includes('c:\\windows\\system32\\advapi32.dll'));
    const altered = await reader.alteredText(own.pid, own.startTicks).done;
    assert.deepEqual(altered, { kind: 'altered', files: [], uncomparedPages: 0 });
  });

  it('of other processes gives clear notes where it may not be read', async () => {
    const result = await askMemory({ contents: ['nobody has this'], options: { logfailures: true } });
    assert.equal(result.success, true);
    assert.ok(
      !result.receipt.skipped.some(({ reason }) => reason === 'protected'),
      'the search is not its own target, and no gap',
    );
  });
});
