/** Servers as processes of their own that are killed in the middle of the work: nothing is lost, nothing doubled. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AgentsResponse, noCounts } from '../protocol/api/api.ts';
import { TestInvestigator } from '../tests/relay/test-investigator.ts';
import { createDatabase, createVhost, findServices } from '../tests/services.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

const main = join(dirname(fileURLToPath(import.meta.url)), 'main.ts');
interface ServerProcess {
  readonly child: ChildProcess;
  readonly api: string;
  readonly amqp: string | null;
  readonly ca: string;
}

async function startProcess(environment: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, MIG_LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(child.stdout);
  const [line] = await once(createInterface(child.stdout), 'line');
  const ready = JSON.parse(line);
  return { child, api: ready.api, amqp: ready.amqp, ca: readFileSync(ready.ca, 'utf8') };
}

async function stop({ child }: ServerProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  if (signal === 'SIGTERM') assert.equal(code, 0);
}

/** Everything that one investigator needs to ask a server process. */
async function newAlice(folder: string): Promise<TestInvestigator> {
  const alice = await TestInvestigator.create('Alice');
  writeFileSync(join(folder, 'alice.asc'), alice.armoredPublicKey);
  return alice;
}

async function countAgents(alice: TestInvestigator): Promise<number> {
  return AgentsResponse.parse((await alice.call('GET', '/agents?limit=0')).body).total;
}

describe('two servers on PostgreSQL and RabbitMQ', async () => {
  const { databaseUrl, amqpUrl } = await findServices();
  const vhost = amqpUrl === null || databaseUrl === null ? null : await createVhost(amqpUrl);
  if (databaseUrl === null || vhost === null) return;
  const database = await createDatabase(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'mig-kill-test-'));
  const alice = await newAlice(folder);
  const agents: SimulatedAgent[] = [];
  const environment = (name: string): Record<string, string> => ({
    MIG_DATABASE_URL: database.url,
    MIG_AMQP_URL: vhost.url,
    MIG_STATE_DIR: join(folder, name),
    MIG_INVESTIGATORS_DIR: folder,
    MIG_LISTEN: '127.0.0.1:0',
  });
  const running = new Set<ServerProcess>();
  after(async () => {
    for (const agent of agents) await agent.close();
    for (const server of running) await stop(server, 'SIGTERM');
    alice.close();
    await vhost.drop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('one of them is killed at every stage, and every agent is asked and counted once', async () => {
    const survivor = await startProcess(environment('survivor'));
    running.add(survivor);
    alice.pointAt(survivor.api, survivor.ca);
    await alice.logIn();
    for (let index = 0; index < 20; index += 1) {
      const agent = new SimulatedAgent();
      await agent.connect(vhost.url);
      agent.answerAll();
      await agent.sendHeartbeat();
      agents.push(agent);
    }
    await eventually(async () => (await countAgents(alice)) === 20);
    const delaysMs = [0, 5, 20];
    const victims = await Promise.all(delaysMs.map((delayMs) => startProcess(environment(`victim-${delayMs}`))));
    for (const [index, delayMs] of delaysMs.entries()) {
      const victim = victims[index];
      assert.ok(victim);
      alice.pointAt(victim.api, victim.ca);
      const action = await alice.submit({ target: 'all' });
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await stop(victim, 'SIGKILL');
      alice.pointAt(survivor.api, survivor.ca);
      // Longer than a lease of the outbox, for the machine may be busy.
      await eventually(async () => (await alice.countsOf(action.id)).succeeded === 20, 60_000);
      assert.deepEqual(await alice.countsOf(action.id), { ...noCounts, succeeded: 20 });
      const reader = await alice.follow(action.id);
      await reader.until('end');
      assert.equal(reader.events.filter(({ event }) => event === 'report').length, 20);
    }
  });
});

describe('the embedded pair', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mig-kill-test-'));
  const alice = await newAlice(folder);
  const environment = {
    MIG_STATE_DIR: join(folder, 'state'),
    MIG_INVESTIGATORS_DIR: folder,
    MIG_LISTEN: '127.0.0.1:0',
    MIG_AMQP_LISTEN: '127.0.0.1:0',
    MIG_AGENT_PASSWORD: 'agents-of-tests',
  };
  after(() => {
    alice.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function connect(agent: SimulatedAgent, server: ServerProcess): Promise<void> {
    const url = new URL(server.amqp ?? '');
    url.username = 'mig-agent';
    url.password = environment.MIG_AGENT_PASSWORD;
    await agent.connect(url.href, { ca: server.ca });
    await agent.sendHeartbeat();
  }

  test('killed and started again, it still knows its agents and brings them what they have not answered', async () => {
    const agent = new SimulatedAgent();
    let server = await startProcess(environment);
    alice.pointAt(server.api, server.ca);
    await alice.logIn();
    await connect(agent, server);
    await eventually(async () => (await countAgents(alice)) === 1);
    for (const received of [0, 1]) {
      const action = await alice.submit({ target: 'all' });
      if (received === 1) await agent.waitForCommand(agent.received.length);
      await stop(server, 'SIGKILL');
      await agent.close();
      server = await startProcess(environment);
      alice.pointAt(server.api, server.ca);
      const before = agent.received.length;
      await connect(agent, server);
      const { command, acknowledge } = await agent.waitForCommand(before);
      await agent.sendResult(command);
      acknowledge();
      // The broker confirms a result when it is in the database.
      assert.deepEqual(await alice.countsOf(action.id), { ...noCounts, succeeded: 1 });
    }
    await agent.close();
    await stop(server, 'SIGTERM');
  });

  test('a second server on the same folder is refused with words', async () => {
    const server = await startProcess(environment);
    const second = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...environment } });
    let text = '';
    second.stderr.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    const [code] = await once(second, 'close');
    assert.equal(code, 2);
    assert.match(text, /^error: .*\nhint: .*\n$/);
    await stop(server, 'SIGTERM');
  });
});
