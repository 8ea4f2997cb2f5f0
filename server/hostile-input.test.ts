/** What strangers send to the API and what agents in the attacker's hands send to the queues: refused with a reason, and the relay goes on. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { noCounts, Problem } from '../protocol/api/api.ts';
import { heartbeatsExchange, reportsExchange } from '../protocol/topology.ts';
import { describeRelay } from '../tests/relay/relay-suite.ts';
import { HostileAgent, toCanonicalIfJson } from '../tools/fuzz/hostile-agent.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

const messageCount = 1500;
/** Of this process, with broker and database in it; what is sent adds up to more. */
const growthBytesAtMost = 400 * 1024 * 1024;

const deep = (levels: number): Buffer => Buffer.from('['.repeat(levels) + ']'.repeat(levels));

/** Bodies that no agent of ours sends, some of them rightly signed by an agent that is not ours. */
function hostileBodies(liar: HostileAgent, genuine: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const bytes = fc.uint8Array({ maxLength: 2000 }).map((array) => Buffer.from(array));
  const changed = fc
    .tuple(fc.constantFrom(...genuine), fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([body, position, change]) => {
      const copy = Buffer.from(body);
      const index = position % copy.length;
      copy[index] = (copy[index] ?? 0) ^ change;
      return copy;
    });
  const cut = fc
    .tuple(fc.constantFrom(...genuine), fc.nat())
    .map(([body, length]) => body.subarray(0, length % body.length));
  const signed = fc
    .oneof(
      fc.json().map((json) => Buffer.from(json)),
      fc
        .record({ kind: fc.constantFrom('heartbeat', 'result', 'refusal', 'running', 'reign'), command: fc.string() })
        .map((fields) => Buffer.from(JSON.stringify(fields))),
      fc.constantFrom(deep(10), deep(100_000)),
    )
    .map((content) => liar.sign(toCanonicalIfJson(content)));
  return fc.oneof(bytes, changed, cut, signed);
}

await describeRelay('hostile input', (relay) => {
  const { alice } = relay;
  const agent = new SimulatedAgent();

  before(async () => {
    await relay.start();
    await relay.connect(agent);
    await agent.sendHeartbeat();
    await eventually(async () => JSON.stringify((await alice.call('GET', '/agents')).body).includes(agent.id));
  });

  /** Asks the agent and has it answer: everything works. */
  async function ask(): Promise<void> {
    const index = agent.received.length;
    const action = await alice.submit({ target: `id = '${agent.id}'` });
    const { command, acknowledge } = await agent.waitForCommand(index);
    await agent.sendResult(command);
    acknowledge();
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
  }

  test(`${messageCount} messages on each queue are set aside and counted, and those beside them are taken`, async () => {
    const before = process.memoryUsage().rss;
    const liar = new HostileAgent('a liar');
    const action = await alice.submit({ target: `id = '${agent.id}'` });
    const { command } = await agent.waitForCommand(agent.received.length);
    const genuine = [
      agent.heartbeat(),
      agent.result(command),
      agent.refusal(command, 'expired'),
      agent.running(command),
    ];
    const bodies = fc.sample(hostileBodies(liar, genuine), { numRuns: messageCount, seed: 5 });
    const countBefore = [...relay.server.poison.values()].reduce((sum, count) => sum + count, 0);
    for (const exchange of [reportsExchange, heartbeatsExchange])
      await Promise.all(bodies.map((body) => agent.publish(exchange, body)));
    // 8 MiB and more, which an agent's result may be: the size alone is no reason.
    await agent.publish(reportsExchange, Buffer.alloc(9 * 1024 * 1024, 1));
    await agent.sendResult(command);
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1, 60_000);
    const isCounted = async (): Promise<boolean> => {
      const counted = [...relay.server.poison.values()].reduce((sum, count) => sum + count, 0);
      return counted === countBefore + 2 * messageCount + 1;
    };
    await eventually(isCounted, 60_000);
    const grownBytes = process.memoryUsage().rss - before;
    assert.ok(grownBytes < growthBytesAtMost, `grew by ${Math.round(grownBytes / 1024 / 1024)} MiB`);
    await ask();
  });

  test('what comes out of order, twice or for nobody moves no command back', async () => {
    const action = await alice.submit({ target: `id = '${agent.id}'` });
    const { command } = await agent.waitForCommand(agent.received.length);
    const said = [
      agent.result(command),
      agent.running(command),
      agent.refusal(command, 'expired'),
      agent.result(command, 'failed'),
      agent.result(command),
      agent.running(command),
      agent.heartbeat(Date.now() - 60_000),
    ];
    for (const body of said) await agent.publish(reportsExchange, body);
    await ask();
    assert.deepEqual(await alice.countsOf(action.id), { ...noCounts, succeeded: 1 });
  });

  function dial(): Promise<TLSSocket> {
    const { hostname, port } = new URL(relay.server.apiUrl);
    const ca = readFileSync(relay.server.caFile ?? '', 'utf8');
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), ca }, () => resolve(socket));
      socket.on('error', reject);
    });
  }

  /** Sends exactly this; the answer, until the server closes or has said all that it announced. */
  async function exchange(request: string): Promise<{ readonly status: number; readonly problem: Problem }> {
    const socket = await dial();
    socket.end(request);
    const answer = await text(socket);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    assert.match(head, /content-type: application\/problem\+json/i, answer.slice(0, 300));
    return { status: Number(head.split(' ')[1]), problem: Problem.parse(JSON.parse(body)) };
  }

  const post = (body: string, headers = ''): string =>
    `POST /api/v1/agents/search HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${alice.token}\r\n` +
    `content-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const requests: readonly [string, number, () => string][] = [
    ['bytes that are no HTTP', 400, () => '\u0000\u0001\u0002 garbage\r\n\r\n'],
    ['a header without end', 431, () => `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(64 * 1024)}\r\n\r\n`],
    ['thousands of headers', 431, () => `GET / HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(9000)}\r\n`],
    ['two lengths', 400, () => post('{}', 'content-length: 9\r\n')],
    ['length and chunks', 400, () => post('{}', 'transfer-encoding: chunked\r\n')],
    [
      'a path that is no UTF-8',
      400,
      () => 'GET /api/v1/actions/%ff%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    ],
    ['100,000 levels', 400, () => post(deep(100_000).toString())],
    ['thousands of values', 400, () => post(`[${'[],'.repeat(20_000)}[]]`)],
    ['half of a JSON text', 400, () => post('{"target": ')],
    ['a prototype', 400, () => post('{"__proto__": {"target": "all"}}')],
    ['a NUL', 422, () => post('{"target": "name = \'\\u0000\'"}')],
    ['a number as a text', 400, () => post('{"target": 1e999}')],
    ['another media type', 415, () => post('{}').replace('application/json', 'text/xml')],
    [
      'a token that is none',
      401,
      () =>
        post('{}')
          .replace(/Bearer .*\r\n/, 'Bearer \u0001\r\n')
          .replace('\u0001', 'x'),
    ],
  ];
  for (const [says, status, request] of requests)
    test(`${says}: ${status}, as a problem`, async () => {
      const answer = await exchange(request());
      assert.equal(answer.status, status, JSON.stringify(answer.problem));
      assert.equal(answer.problem.status, status);
    });

  test('200 connections that never finish their request keep nobody else waiting', async () => {
    const slow = await Promise.all(Array.from({ length: 200 }, dial));
    for (const [index, socket] of slow.entries()) {
      socket.on('error', () => {});
      socket.write('POST /api/v1/actions HTTP/1.1\r\nhost: x\r\n'.slice(0, (index % 40) + 1));
    }
    await ask();
    for (const socket of slow) socket.destroy();
  });
});
