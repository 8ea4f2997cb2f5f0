/** The links of an agent and of a relay to their broker, in the process of the test: none of their errors is unhandled. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ChannelModel, connect } from 'amqplib';
import pino from 'pino';
import { startAgent } from '../agent/daemon.ts';
import { module as fileModule } from '../modules/file/module.ts';
import type { RunsModules } from '../modules/host/module-host.ts';
import type { ModuleLimits } from '../modules/kit/work.ts';
import type { Action } from '../protocol/action/action.ts';
import type { AgentMessage, ResultMessage } from '../protocol/agent-message/agent-message.ts';
import { guardConnections } from '../protocol/amqplib-internals.ts';
import type { AgentId } from '../protocol/base/identifiers.ts';
import { maximumAgentMessageBytes, maximumResultBytes } from '../protocol/base/limits.ts';
import { BakedEnvironment } from '../protocol/environment/environment.ts';
import { emptyReceipt, type OperationResult, type Result } from '../protocol/result/result.ts';
import { ResultOpener } from '../protocol/result/sealed.ts';
import { AmqpLink } from '../server/amqp/link.ts';
import { composeAction, toCommand, toEnvelope } from '../tools/lab/compose.ts';
import { HostileRelay } from '../tools/lab/hostile-relay.ts';
import { type LabInvestigator, makeInvestigator } from '../tools/lab/investigator-key.ts';
import { startWire, type Wire } from '../tools/lab/wire.ts';

const fleet = 'linked';
/** For 65 MiB to be sealed, sent and read on a busy machine. */
const patienceMs = 60_000;
const operation = { module: 'file', parameters: { searches: { s1: { paths: ['/etc'] } } } };
/** Frames of a broker: start, tune, open-ok. */
const openOk = 2;

const scratch = mkdtempSync(join(tmpdir(), 'mig-links-'));
let relay: HostileRelay;
before(async () => {
  relay = await HostileRelay.start();
});
after(async () => {
  await relay?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('the link of an agent', () => {
  let wire: Wire;
  let alice: LabInvestigator;
  let agent: Awaited<ReturnType<typeof startAgent>>;
  let id: AgentId;
  /** What the module does. */
  let answer: (limits: ModuleLimits) => Promise<OperationResult>;
  const host: RunsModules = {
    blocked: null,
    prepare: () => {},
    close: () => {},
    run: async (_module, _parameters, limits) => ({ result: await answer(limits), questions: 0 }),
  };

  before(async () => {
    wire = await startWire(relay.agentUrl);
    alice = await makeInvestigator('alice', scratch, scratch);
    const armored = readFileSync(alice.publicKeyFile, 'utf8');
    const environment = BakedEnvironment.parse({
      name: fleet,
      relay: { url: wire.url, ca: null, clientCertificate: null, proxies: [] },
      investigators: [{ name: 'alice', keys: [{ fingerprint: alice.fingerprint, armored }] }],
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      tags: {},
      limits: { resultBytes: 16 * 1024 * 1024 },
      modules: ['file'],
      needs: ['files'],
      heartbeatSeconds: 5,
    });
    const modules = {
      file: { loadModule: async () => fileModule, loadRun: () => Promise.reject(new Error('run by the host')) },
    };
    const stateDirectory = join(scratch, 'agent');
    mkdirSync(stateDirectory, { mode: 0o700 });
    wire.spoilNextAt(openOk);
    agent = await startAgent({ environment, modules, version: '0.1.0', stateDirectory }, 'daemon', host);
    id = (await relay.wait((message) => message.kind === 'heartbeat')).agent;
  });
  after(async () => {
    await agent?.close();
    await wire?.close();
  });

  const found = (elements: Record<string, unknown>): OperationResult => {
    const shared = { success: true, foundanything: false, statistics: {}, errors: [], receipt: emptyReceipt() };
    return { ...shared, elements };
  };

  async function send(changes: Partial<Action>) {
    const { action, replyKey } = await composeAction(fleet, alice, { operations: [operation], ...changes });
    const command = toCommand(action, id, await toEnvelope(action, [alice]));
    await relay.send(id, Buffer.from(JSON.stringify(command)));
    const open = ({ sealed }: ResultMessage): Result =>
      new ResultOpener(replyKey.privateKey).open(sealed, { action: action.id, agent: id });
    return { command: command.id, open };
  }

  async function waitForResult(command: string): Promise<ResultMessage> {
    const fits = (message: AgentMessage): message is ResultMessage =>
      message.kind === 'result' && message.command === command;
    return relay.wait(fits, patienceMs);
  }

  test('is made again after a frame that is none came together with the last one of the handshake', () => {
    assert.ok(wire.framesOfLast('received') > openOk);
  });

  test('has what was carried out while it was lost delivered, whose acknowledgement has no channel any more', async () => {
    const { promise: running, resolve: begin } = Promise.withResolvers<void>();
    const { promise: reset, resolve: goOn } = Promise.withResolvers<void>();
    answer = async () => {
      begin();
      await reset;
      return found({ s1: [] });
    };
    const { command, open } = await send({});
    await running;
    // The next connection is lost at its last frame: there is none when the module ends.
    const again = wire.resetNextAt('received', openOk);
    wire.resetLast();
    await again;
    goOn();
    const report = await waitForResult(command);
    assert.equal(open(report).operations[0]?.success, true);
    assert.equal(relay.heard.filter((message) => message.kind === 'result' && message.command === command).length, 1);
  });

  test('takes the answer of as many operations as an action may have, each as large as it may be', async () => {
    answer = async ({ resultBytes }) => {
      // Sealing can only undo the base64 of random bytes.
      const text = randomBytes(Math.floor((resultBytes * 3) / 4)).toString('base64');
      return found({ s1: text.slice(0, resultBytes - 512) });
    };
    relay.boundMessages(maximumAgentMessageBytes);
    wire.resetLast();
    const { command, open } = await send({ operations: Array.from({ length: 16 }, () => operation) });
    const report = await waitForResult(command);
    const { operations } = open(report);
    const sizes = operations.map(({ elements }) => JSON.stringify(elements).length);
    assert.ok(Math.max(...sizes) > maximumResultBytes / 2, 'the first has the room that an environment gives it');
    assert.deepEqual([operations.length, operations.at(-1)?.receipt.cutshort], [16, 'result-size']);
    relay.boundMessages(null);
  });

  test('replaces an answer that the broker does not take, also of many operations, by one that says so', async () => {
    const mebibyte = 1024 * 1024;
    relay.boundMessages(mebibyte);
    wire.resetLast();
    answer = async () => found({ s1: randomBytes(mebibyte).toString('base64') });
    const { command, open } = await send({ operations: Array.from({ length: 16 }, () => operation) });
    const { operations } = open(await waitForResult(command));
    assert.deepEqual(
      operations.map(({ success, receipt }) => [success, receipt.cutshort]),
      Array.from({ length: 16 }, () => [false, 'result-size']),
    );
    relay.boundMessages(null);
  });
});

describe('the link of a relay', () => {
  let served: Wire;
  before(async () => {
    served = await startWire(relay.serverUrl);
  });
  after(() => served?.close());

  test('names a frame that is none, and is made again when it comes later', async () => {
    const connections: ChannelModel[] = [];
    let use = (): void => {};
    const link = new AmqpLink({ url: served.url, tls: {}, log: pino({ level: 'silent' }) });
    link.use(async (connection) => {
      connections.push(connection);
      use();
    });
    served.spoilNextAt(openOk);
    await assert.rejects(link.start(), { code: 'broker-unreachable' });
    await link.start();
    const again = new Promise<void>((resolve) => {
      use = resolve;
    });
    served.spoilNextAt(openOk);
    served.resetLast();
    await again;
    assert.equal(connections.length, 2);
    await link.close();
  });

  test('that is closed while it is made again leaves no connection behind', async () => {
    const link = new AmqpLink({ url: served.url, tls: {}, log: pino({ level: 'silent' }) });
    const made: ChannelModel[] = [];
    const second = Promise.withResolvers<void>();
    const isClosed = Promise.withResolvers<void>();
    link.use(async (connection) => {
      made.push(connection);
      if (made.length === 1) return;
      second.resolve();
      await isClosed.promise;
    });
    await link.start();
    served.resetLast();
    await second.promise;
    const [, connection] = made;
    assert.ok(connection !== undefined);
    const ended = new Promise<void>((resolve) => connection.once('close', resolve));
    await link.close();
    isClosed.resolve();
    await ended;
    assert.equal(link.isReady, false);
  });

  // Regression: a relay that was setting up its link, or was to stop, waited for ever.
  for (const what of ['channel', 'connection'] as const)
    test(`has an end when it is lost while a ${what} is closed`, async () => {
      guardConnections();
      const connection = await connect(served.url);
      connection.on('error', () => {});
      const channel = await connection.createChannel();
      const lost = new Promise<void>((resolve) => connection.once('close', resolve));
      const closed = what === 'channel' ? channel.close() : connection.close();
      served.resetLast();
      await Promise.all([lost, closed]);
    });
});
