/** The `mig-server` command as its operator meets it: what it prints where, and how it ends. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestInvestigator } from '../tests/relay/test-investigator.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

const main = join(dirname(fileURLToPath(import.meta.url)), 'main.ts');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH, ...environment } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

describe('mig-server', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mig-main-test-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('--help and --version answer on stdout', async () => {
    const help = await run(['--help']);
    assert.deepEqual(await run(['help']), help);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /MIG_DATABASE_URL[\s\S]*example:/);
    const version = await run(['--version']);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  });

  test('what is wrong is said as error and hint, with exit code 2 and no stack trace', async () => {
    writeFileSync(join(folder, 'broken.asc'), 'not a key');
    const state = { MIG_STATE_DIR: join(folder, 'state'), MIG_LISTEN: '127.0.0.1:0', MIG_AMQP_LISTEN: '127.0.0.1:0' };
    const cases: [readonly string[], Record<string, string>][] = [
      [['--verbose'], {}],
      [[], { MIG_LISTEN: 'everywhere' }],
      [[], { ...state, MIG_STATE_DIR: join(folder, 'broken.asc') }],
      [[], { ...state, MIG_DATABASE_URL: 'postgres://mig@127.0.0.1:1/mig' }],
      [[], { ...state, MIG_DATABASE_URL: 'postgres://mig@127.0.0.1:1/mig', MIG_INVESTIGATORS_DIR: folder }],
    ];
    for (const [args, environment] of cases) {
      const { code, stdout, stderr } = await run(args, environment);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /^error: .+\nhint: .+\n$/);
    }
  });

  test('a flag of the original is answered with what stands in its place', async () => {
    assert.match((await run(['-c', '/etc/mig.cfg'])).stderr, /hint: in place of the original's -c: MIG_… variables/);
    assert.match((await run(['-V'])).stderr, /hint: in place of the original's -V: mig-server --version/);
  });

  test('an address that cannot be had is said with the setting that names it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const free = { MIG_LISTEN: '127.0.0.1:0', MIG_AMQP_LISTEN: '127.0.0.1:0', MIG_INVESTIGATORS_DIR: folder };
    const cases: [Record<string, string>, RegExp][] = [
      [{ MIG_LISTEN: `127.0.0.1:${port}` }, /:\d+: another program listens there .*\nhint: .*; MIG_LISTEN sets it\n$/],
      [
        { MIG_AMQP_LISTEN: `127.0.0.1:${port}` },
        /another program listens there .*\nhint: .*; MIG_AMQP_LISTEN sets it\n$/,
      ],
      [{ MIG_LISTEN: '192.0.2.1:8443' }, /no address of this machine .*\nhint: .*; MIG_LISTEN sets it\n$/],
    ];
    rmSync(join(folder, 'broken.asc'), { force: true });
    for (const [environment, expected] of cases) {
      const state = { MIG_STATE_DIR: join(folder, 'listening'), MIG_LOG_LEVEL: 'error' };
      const { code, stderr } = await run([], { ...state, ...free, ...environment });
      assert.equal(code, 2);
      assert.match(stderr, expected);
    }
    taken.close();
  });

  test('a start that removes people names them in its log', async () => {
    const alice = await TestInvestigator.create('Alice');
    const people = join(folder, 'people');
    mkdirSync(people);
    writeFileSync(join(people, 'alice.asc'), alice.armoredPublicKey);
    const logs: string[] = [];
    const addresses = { MIG_LISTEN: '127.0.0.1:0', MIG_AMQP_LISTEN: '127.0.0.1:0', MIG_INVESTIGATORS_DIR: people };
    const kept = { ...addresses, MIG_STATE_DIR: join(folder, 'removing') };
    for (const left of [true, false]) {
      if (!left) {
        rmSync(join(people, 'alice.asc'));
        const { code, stderr } = await run([], kept);
        assert.equal(code, 2);
        assert.match(stderr, /^error: .*alice would be removed\nhint: .*MIG_REMOVE_EVERYBODY=on removes them\n$/m);
      }
      const environment = { PATH: process.env.PATH, ...kept, ...(left ? {} : { MIG_REMOVE_EVERYBODY: 'on' }) };
      const child = spawn(process.execPath, [main], { env: environment });
      const log = text(child.stderr);
      await once(createInterface(child.stdout), 'line');
      child.kill('SIGTERM');
      logs.push(await log);
    }
    assert.doesNotMatch(logs[0] ?? '', /removed/);
    assert.match(logs[1] ?? '', /"investigators":\["alice"\],"folder":.*are removed, with their sessions and tokens/);
    alice.close();
  });

  test('serves plain HTTP when it is told to, and says so', async () => {
    const alice = await TestInvestigator.create('Alice');
    writeFileSync(join(folder, 'broken.asc'), alice.armoredPublicKey);
    const addresses = { MIG_LISTEN: '127.0.0.1:0', MIG_AMQP_LISTEN: '127.0.0.1:0' };
    const environment = { ...addresses, MIG_TLS: 'off', MIG_STATE_DIR: join(folder, 'plain') };
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, ...environment, MIG_INVESTIGATORS_DIR: folder },
    });
    const log = text(child.stderr);
    const [line] = await once(createInterface(child.stdout), 'line');
    const { api } = JSON.parse(line);
    assert.match(api, /^http:\/\/127\.0\.0\.1:/);
    const response = await fetch(`${api}/api/v1/ready`);
    assert.partialDeepStrictEqual(await response.json(), { database: true, broker: true });
    const exited = once(child, 'close');
    child.kill('SIGTERM');
    await exited;
    assert.match(await log, /without TLS/);
    alice.close();
  });

  test('says when it is ready, logs nothing that was entrusted to it, and ends in time', async () => {
    const alice = await TestInvestigator.create('Alice');
    writeFileSync(join(folder, 'broken.asc'), alice.armoredPublicKey);
    const stateDir = join(folder, 'state');
    const child = spawn(process.execPath, [main], {
      env: {
        PATH: process.env.PATH,
        MIG_STATE_DIR: stateDir,
        MIG_LISTEN: '127.0.0.1:0',
        MIG_AMQP_LISTEN: '127.0.0.1:0',
        MIG_INVESTIGATORS_DIR: folder,
        MIG_LOG_LEVEL: 'debug',
      },
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      log += text;
    });
    const [line] = await once(createInterface(child.stdout), 'line');
    const ready = JSON.parse(line);
    assert.equal(ready.event, 'ready');
    assert.deepEqual([ready.broker, ready.database, ready.investigators], ['embedded', 'embedded', 1]);
    assert.deepEqual(Object.keys(ready.certificates), ['api', 'apica']);
    for (const end of Object.values(ready.certificates)) assert.match(String(end), /^20\d\d-.+T.+Z$/);
    const ca = readFileSync(ready.ca, 'utf8');
    const password = readFileSync(ready.agentpasswordfile, 'utf8').trim();
    alice.pointAt(ready.api, ca);
    await alice.logIn();
    const agent = new SimulatedAgent();
    await agent.connect(ready.amqp.replace('//', `//mig-agent:${password}@`), { ca });
    await agent.sendHeartbeat();
    const action = await alice.submit({ target: 'all' });
    const reader = await alice.follow(action.id);
    const { command } = await agent.waitForCommand(0);
    const sealed = Buffer.from('sealed and secret');
    await agent.publish('mig.reports', Buffer.from('garbage that names a secret'));
    await agent.publish('mig.reports', agent.result(command, 'succeeded', sealed));
    await reader.until('end');
    await alice.call('POST', '/actions', '{"broken": secret');
    await alice.call('GET', '/agents?target=secret');
    await agent.close();
    const stoppedAtMs = performance.now();
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    assert.equal(code, 0);
    assert.ok(performance.now() - stoppedAtMs < 2500);
    assert.match(log, /"route":"\/api\/v1\/actions"/);
    for (const secret of [
      alice.token,
      password,
      sealed.toString(),
      'secret',
      action.replykey,
      command.envelope.payload,
      'wrapped',
    ])
      assert.ok(!log.includes(secret), `expected no ${secret} in the log`);
    assert.ok(!existsSync(join(stateDir, 'agent-password.new')));
    alice.close();
  });
});
