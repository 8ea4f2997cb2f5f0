/** The settings of packaging/rabbitmq, on a node with nothing else. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { generate } from 'selfsigned';
import { ReportsResponse } from '../protocol/api/api.ts';
import {
  agentQueue,
  agentQueueArguments,
  agentsExchange,
  heartbeatsQueue,
  poisonQueue,
  reportsExchange,
  reportsQueue,
} from '../protocol/topology.ts';
import { agentPermissions, agentTopics } from '../server/broker/users.ts';
import { startServer } from '../server/server.ts';
import { readSettings } from '../server/settings.ts';
import { runProgram } from '../tools/lab/child.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { projectRoot } from '../tools/lab/lab.ts';
import { findMissingPrograms, type OwnBroker, startOwnRabbit } from '../tools/lab/own-services.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';
import { TestInvestigator } from './relay/test-investigator.ts';

const packaged = join(projectRoot, 'packaging', 'rabbitmq');
const folder = mkdtempSync(join(tmpdir(), 'mig-rabbitmq-'));
const tls = join(folder, 'tls');
mkdirSync(tls);
after(() => rmSync(folder, { recursive: true }));

interface Certificate {
  readonly cert: string;
  readonly private: string;
}

async function makeCertificates(): Promise<{ readonly ca: Certificate; readonly client: Certificate }> {
  const options = { keyType: 'ec', algorithm: 'sha256' } as const;
  const ca = await generate([{ name: 'commonName', value: 'test CA' }], {
    ...options,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const sign = (name: string) =>
    generate([{ name: 'commonName', value: name }], {
      ...options,
      ca: { cert: ca.cert, key: ca.private },
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
  const [server, client] = [await sign('broker'), await sign('client')];
  const files = { 'ca.pem': ca.cert, 'server.pem': server.cert, 'server.key': server.private };
  const ofClient = { 'client.pem': client.cert, 'client.key': client.private };
  for (const [name, text] of Object.entries({ ...files, ...ofClient })) writeFileSync(join(tls, name), text);
  return { ca, client };
}

/** The shipped file, with this test's port and certificates. */
function configure(port: number): string {
  return readFileSync(join(packaged, 'rabbitmq.conf'), 'utf8')
    .replace('listeners.ssl.default = 5671', `listeners.ssl.default = 127.0.0.1:${port}`)
    .replaceAll('/etc/rabbitmq/tls', tls);
}

/** Where the script keeps the passwords that it makes. */
const kept = join(folder, 'passwords');

/** Like Debian's rabbitmqctl, it works in another folder, and reads none of the caller's files. */
function standInWrapper(node: OwnBroker): string {
  const bin = mkdtempSync(join(folder, 'wrapper-'));
  const text = `#!/bin/sh\nPATH='${node.env.PATH}'\ncd / && exec rabbitmqctl "$@"\n`;
  writeFileSync(join(bin, 'rabbitmqctl'), text, { mode: 0o755 });
  return `${bin}:${node.env.PATH}`;
}

/** Runs it as the page prints it: from the checkout. */
function applyScript(node: OwnBroker, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  return runProgram('packaging/rabbitmq/apply.sh', args, {
    cwd: projectRoot,
    env: { ...node.env, PATH: standInWrapper(node), MIG_PASSWORDS: kept, ...env },
  });
}

function readPasswords(): Readonly<Record<string, string>> {
  const lines = readFileSync(kept, 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(' ')));
}

it('the permissions that are shipped are those of the embedded broker', () => {
  const { permissions } = JSON.parse(readFileSync(join(packaged, 'definitions.json'), 'utf8'));
  const { vhost, user, ...patterns } = permissions.find((entry: { user: string }) => entry.user === 'mig-agent');
  const { configure: own, write, read } = agentPermissions;
  assert.deepEqual(patterns, { configure: own.source, write: write.source, read: read.source });
});

it('so are the routing keys, and when a queue that nobody reads from is deleted', () => {
  const { topic_permissions, policies } = JSON.parse(readFileSync(join(packaged, 'definitions.json'), 'utf8'));
  const toShipped = ({ exchange, write, read }: (typeof agentTopics)[number]) => ({
    vhost: 'mig',
    user: 'mig-agent',
    exchange,
    write: write.source,
    read: read.source,
  });
  assert.deepEqual(topic_permissions, agentTopics.map(toShipped));
  const commands = policies.find((entry: { name: string }) => entry.name === 'commands');
  assert.equal(commands.definition.expires, agentQueueArguments['x-expires']);
});

it('kept passwords stay when RabbitMQ does not answer', async () => {
  const bin = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(bin, 'rabbitmqctl'), '#!/bin/sh\nexit 69\n', { mode: 0o755 });
  const file = join(bin, 'passwords');
  writeFileSync(file, 'mig-agent kept\n');
  for (const args of [[], ['rotate', 'mig-server'], ['add-agents', 'mig-agent-2'], ['remove', 'mig-agent']]) {
    const env = { PATH: `${bin}:${process.env.PATH}`, MIG_PASSWORDS: file };
    const { code, stderr } = await runProgram(join(packaged, 'apply.sh'), args, { env });
    assert.deepEqual([code, stderr.split('\n')[0]], [2, 'error: expected rabbitmqctl to work'], args.join(' '));
    assert.equal(readFileSync(file, 'utf8'), 'mig-agent kept\n');
  }
});

describe('RabbitMQ set up with what is shipped', async () => {
  const { ca, client } = await makeCertificates();
  const missing = findMissingPrograms();
  if (missing.length > 0) {
    process.stderr.write(`SKIPPED: RabbitMQ set up with what is shipped: install ${missing.join(', ')}\n`);
    return;
  }
  const node = await startOwnRabbit(folder, configure);
  after(() => node.stop());
  const urlOf = (user: string, password: string): string => `amqps://${user}:${password}@127.0.0.1:${node.port}/mig`;
  let agentUrl = '';
  const asClient = { ca: ca.cert, cert: client.cert, key: client.private };
  before(async () => {
    const { code, stdout, stderr } = await applyScript(node);
    assert.deepEqual([code, stderr], [0, '']);
    const made = readPasswords();
    assert.deepEqual(Object.keys(made), ['mig-server', 'mig-agent']);
    for (const password of Object.values(made)) {
      assert.match(password, /^[0-9a-f]{48}$/);
      assert.ok(!stdout.includes(password));
    }
    assert.equal(stdout.split(`its password is in ${kept}`).length, 3);
    assert.match(stdout, /relay\.url in build\.config\.ts: amqps:\/\/mig-agent:PASSWORD@HOST:5671\/mig/);
    assert.equal(statSync(kept).mode & 0o777, 0o600);
    agentUrl = urlOf('mig-agent', made['mig-agent'] ?? '');
  });

  it('the passwords that are there stay when the script runs again, and another one is refused', async () => {
    const before = readPasswords();
    await node.ctl('set_user_limits', 'mig-agent', '{"max-connections": 1500, "max-channels": 1500}');
    const { code, stdout } = await applyScript(node);
    assert.equal(code, 0);
    assert.match(stdout, /mig-agent keeps its password/);
    assert.deepEqual(readPasswords(), before);
    assert.match(await node.ctl('list_user_limits', '--user', 'mig-agent'), /1500/);
    await (await connect(agentUrl, asClient)).close();
    const other = await applyScript(node, [], { MIG_AGENT_PASSWORD: 'another-password-of-agents' });
    assert.equal(other.code, 2);
    assert.match(other.stderr, /^error: mig-agent has another password .*locked out\nhint: /);
    const same = await applyScript(node, [], { MIG_AGENT_PASSWORD: before['mig-agent'] ?? '' });
    assert.equal(same.code, 0, same.stderr);
    await (await connect(agentUrl, asClient)).close();
  });

  it('a short password is refused before anything is changed', async () => {
    const { code, stderr } = await applyScript(node, [], { MIG_AGENT_PASSWORD: 'short' });
    assert.equal(code, 2);
    assert.match(stderr, /expected at least 16 characters in MIG_AGENT_PASSWORD/);
  });

  it('who has no certificate of the CA gets no as far as a password', async () => {
    await assert.rejects(connect(agentUrl, { ca: ca.cert }), /certificate required|ECONNRESET|closed|socket hang up/i);
  });

  it('a relay starts on it, and an action comes back answered', async () => {
    const keys = mkdtempSync(join(tls, 'keys-'));
    const alice = await TestInvestigator.create('Alice');
    writeFileSync(join(keys, 'alice.asc'), alice.armoredPublicKey);
    const server = await startServer(
      readSettings({
        MIG_AMQP_URL: urlOf('mig-server', readPasswords()['mig-server'] ?? ''),
        MIG_AMQP_CA: join(tls, 'ca.pem'),
        MIG_AMQP_CERT: join(tls, 'client.pem'),
        MIG_AMQP_KEY: join(tls, 'client.key'),
        MIG_STATE_DIR: join(keys, 'state'),
        MIG_INVESTIGATORS_DIR: keys,
        MIG_LISTEN: '127.0.0.1:0',
        MIG_LOG_LEVEL: 'silent',
      }),
    );
    try {
      const queues = (await node.ctl('-p', 'mig', 'list_queues', 'name', 'type', 'policy')).split('\n');
      assert.ok(queues.includes(`${reportsQueue}\tquorum\treports`), queues.join('; '));
      assert.ok(queues.includes(`${heartbeatsQueue}\tclassic\theartbeats`), queues.join('; '));
      const agent = new SimulatedAgent();
      await agent.connect(agentUrl, asClient);
      agent.answerAll();
      const own = await node.ctl('-p', 'mig', 'list_queues', 'name', 'policy');
      assert.ok(own.includes(`${agentQueue(agent.id)}\tcommands`), own);
      await agent.sendHeartbeat();
      alice.pointAt(server.apiUrl, readFileSync(server.caFile ?? '', 'utf8'));
      await alice.logIn();
      const { id } = await alice.submit({ target: 'all' });
      const events = await alice.follow(id);
      await events.until('end');
      const { body } = await alice.call('GET', `/actions/${id}/reports`);
      assert.equal(ReportsResponse.parse(body).reports.length, 1);
      await agent.publish(reportsExchange, Buffer.from('poison'));
      await eventually(async () => {
        const counts = await node.ctl('-p', 'mig', 'list_queues', 'name', 'messages');
        return counts.includes(`${poisonQueue}\t1`);
      });
      assert.equal(server.poison.get('agent-message-malformed'), 1);
      alice.close();
      await agent.close();
    } finally {
      await server.close();
    }
  });

  it('the account of the agents is limited', async () => {
    const limits = JSON.parse(await node.ctl('list_user_limits', '--user', 'mig-agent'));
    // Those that an earlier test has set.
    assert.deepEqual(limits, { 'max-connections': 1500, 'max-channels': 1500 });
  });

  it('the password of the relay is changed at once, that of agents by a second account', async () => {
    const rotated = await applyScript(node, ['rotate', 'mig-server']);
    assert.equal(rotated.code, 0, rotated.stderr);
    await (await connect(urlOf('mig-server', readPasswords()['mig-server'] ?? ''), asClient)).close();
    const refused = await applyScript(node, ['rotate', 'mig-agent']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /lock out every agent/);

    const added = await applyScript(node, ['add-agents', 'mig-agent-2', 'staging']);
    assert.equal(added.code, 0, added.stderr);
    const second = urlOf('mig-agent-2', readPasswords()['mig-agent-2'] ?? '');
    const connection = await connect(second, asClient);
    const queue = agentQueue('b'.repeat(64) as never);
    const channel = await connection.createChannel();
    await channel.assertQueue(queue, { durable: true, arguments: agentQueueArguments });
    await channel.bindQueue(queue, agentsExchange, 'fleet.staging');
    channel.on('error', () => {});
    await assert.rejects(channel.bindQueue(queue, agentsExchange, 'fleet.production'), { code: 403 });
    // What is in use is not removed.
    await eventually(async () => (await node.ctl('list_connections', 'user')).includes('mig-agent-2'));
    const used = await applyScript(node, ['remove', 'mig-agent-2']);
    assert.equal(used.code, 2);
    assert.match(used.stderr, /mig-agent-2 still has 1 connections/);
    await connection.close();
    await eventually(async () => !(await node.ctl('list_connections', 'user')).includes('mig-agent-2'));
    const removed = await applyScript(node, ['remove', 'mig-agent-2']);
    assert.equal(removed.code, 0, removed.stderr);
    assert.deepEqual(Object.keys(readPasswords()).sort(), ['mig-agent', 'mig-server']);
  });

  describe('an agent of it', () => {
    let connection: ChannelModel;
    before(async () => {
      connection = await connect(agentUrl, asClient);
      connection.on('error', () => {});
    });
    after(() => connection.close());

    async function refuses(use: (channel: ConfirmChannel) => Promise<unknown>): Promise<void> {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => {});
      await assert.rejects(use(channel), { code: 403 });
    }

    it('may not read what others answer', () => refuses((channel) => channel.consume(reportsQueue, () => {})));
    it('may not listen to other agents', () =>
      refuses((channel) => channel.bindQueue(agentQueue('a'.repeat(64) as never), reportsExchange, '#')));
    for (const key of ['#', '*', '*.#', 'fleet.*', '', 'fleet'])
      it(`may not bind its queue by '${key}'`, () =>
        refuses(async (channel) => {
          const queue = agentQueue('a'.repeat(64) as never);
          await channel.assertQueue(queue, { durable: true, arguments: agentQueueArguments });
          await channel.bindQueue(queue, agentsExchange, key);
        }));
    it('may not make queues of other names', () => refuses((channel) => channel.assertQueue('mig.reports.copy')));
    it('may not delete what servers need', () => refuses((channel) => channel.deleteQueue(reportsQueue)));
    it('may not send commands', async () => {
      const channel = await connection.createConfirmChannel();
      const failed = once(channel, 'error');
      channel.publish(agentsExchange, 'a'.repeat(64), Buffer.from('{}'));
      const [error] = await failed;
      assert.equal(error.code, 403);
    });
  });
});
