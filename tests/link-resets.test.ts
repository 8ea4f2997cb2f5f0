/**
 * Connections that are reset at any frame of their set-up: no process ends, nothing is lost or doubled, both sides come
 * back.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { exitCodes } from '../investigator/cli/exit-codes.ts';
import { ActionDetail, ReportsResponse } from '../protocol/api/api.ts';
import { CodedError } from '../protocol/base/coded-error.ts';
import { emptyReceipt } from '../protocol/result/result.ts';
import { type LabBroker, startLabBroker } from '../tools/lab/brokers.ts';
import type { RunningProgram } from '../tools/lab/child.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { Lab } from '../tools/lab/lab.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';
import { type Direction, startWire, tlsFraming, type Wire } from '../tools/lab/wire.ts';
import { TestInvestigator } from './relay/test-investigator.ts';

/** As `mig -f json` writes them. */
const Printed = z.object({ results: z.array(z.object({ agent: z.object({ name: z.string() }) })) });

const ways: readonly Direction[] = ['received', 'sent'];

async function takeFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** RabbitMQ where it is there. */
async function startBroker(): Promise<LabBroker> {
  try {
    return await startLabBroker('rabbitmq');
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'lab-broker') throw error;
    process.stderr.write(`SKIPPED: resets on RabbitMQ: ${error.message}\n`);
    return startLabBroker('embedded');
  }
}

describe('a relay whose connection to the broker is reset', () => {
  let broker: LabBroker;
  let wire: Wire;
  let lab: Lab;
  let relay: RunningProgram;
  let alice: TestInvestigator;
  let agent: SimulatedAgent;
  let framesOfSetUp: Readonly<Record<Direction, number>>;

  before(async () => {
    broker = await startBroker();
    wire = await startWire(broker.serverUrl);
    lab = new Lab({ services: { broker: { serverUrl: wire.url, agentUrl: broker.agentUrl } } });
    alice = await TestInvestigator.create('Alice');
    writeFileSync(join(lab.keysFolder, 'alice.asc'), alice.armoredPublicKey);
    const started = await lab.startRelay();
    relay = started.program;
    framesOfSetUp = { received: wire.framesOfLast('received'), sent: wire.framesOfLast('sent') };
    alice.pointAt(started.address.api, readFileSync(started.address.ca, 'utf8'));
    await alice.logIn();
    agent = new SimulatedAgent();
    await agent.connect(broker.agentUrl);
    agent.answerAll();
    await agent.sendHeartbeat();
  });
  after(async () => {
    alice?.close();
    await agent?.close();
    await lab?.close();
    await wire?.close();
    await broker?.stop();
  });

  async function hasAnswer(id: string): Promise<boolean> {
    const { counts } = ActionDetail.parse((await alice.call('GET', `/actions/${id}`)).body);
    return counts.succeeded === 1;
  }

  /** Whether all of its link is set up. */
  async function isReady(): Promise<boolean> {
    return (await alice.call('GET', '/ready')).status === 200;
  }

  for (const way of ways)
    test(`at any frame that it has ${way} comes back, and has each answer once`, async (t) => {
      // An answer shows that both have received the messages.
      const first = await alice.submit({ target: `id = '${agent.id}'` });
      await eventually(() => hasAnswer(first.id));
      const frames = framesOfSetUp[way];
      const actions = [first.id];
      for (let frame = 0; frame < frames; frame += 1) {
        const reset = wire.resetNextAt(way, frame);
        wire.resetLast();
        await Promise.race([reset, relay.ended]);
        const { id } = await alice.submit({ target: `id = '${agent.id}'` });
        actions.push(id);
        // Complete, before the next cut: repeated failures make the waits longer.
        const isBack = async (): Promise<boolean> => !relay.isRunning || ((await hasAnswer(id)) && (await isReady()));
        await eventually(isBack).catch(() => assert.fail(`not back after frame ${frame}: ${relay.lines.at(-1)}`));
        assert.ok(relay.isRunning, `it ended at frame ${frame}: ${relay.lines.at(-1)}`);
      }
      t.diagnostic(`${frames} frames`);
      for (const id of actions) {
        const { reports } = ReportsResponse.parse((await alice.call('GET', `/actions/${id}/reports`)).body);
        assert.equal(reports.length, 1);
      }
    });
});

describe('mig whose connections to the relay are reset', () => {
  const agents = 3;
  const fleet = 'resets';
  const nothing = { success: true, foundanything: false, elements: { s1: [] }, statistics: {}, errors: [] };
  const operations = [{ ...nothing, receipt: { ...emptyReceipt(), examined: { files: 1 } } }];
  let lab: Lab;
  let wire: Wire;
  let relay: RunningProgram;
  let env: Readonly<Record<string, string>>;
  const simulated: SimulatedAgent[] = [];

  before(async () => {
    lab = new Lab();
    const key = await lab.makeInvestigator('alice');
    // The address at which the relay is called; the relay must know it before its start.
    const api = await takeFreePort();
    wire = await startWire(`https://127.0.0.1:${api}`, tlsFraming);
    const listen = { api: `127.0.0.1:${api}`, amqp: '127.0.0.1:0' };
    const started = await lab.startRelay(listen, { MIG_PUBLIC_ORIGINS: new URL(wire.url).origin });
    relay = started.program;
    env = { ...lab.migEnvironment(started.address, fleet, key), MIG_SERVER: new URL(wire.url).origin };
    const relayConfig = lab.relayConfig(started.address);
    for (let index = 0; index < agents; index += 1) {
      const agent = new SimulatedAgent({ name: `web${index}` }, fleet);
      agent.onCommand = ({ command, acknowledge }) =>
        void agent.sendSealedResult(command, operations).then(acknowledge, () => {});
      await agent.connect(relayConfig.url, { ca: readFileSync(started.address.ca, 'utf8') });
      await agent.sendHeartbeat();
      simulated.push(agent);
    }
    await lab.waitForAgents(agents, env);
  });
  after(async () => {
    await Promise.all(simulated.map((agent) => agent.close()));
    await lab?.close();
    await wire?.close();
  });

  const question = ['file', '-t', 'all', '-path', '/etc', '-name', '^x$', '-f', 'json'];

  for (const way of ways)
    test(`at any record of TLS that they have ${way}: it has each answer once, or says what has happened`, async (t) => {
      const undisturbed = await lab.mig(question, env);
      assert.equal(undisturbed.code, exitCodes.nothingFound, undisturbed.stderr);
      const records = wire.framesOfLast(way);
      const codes: (number | null)[] = [];
      for (let record = 0; record < records; record += 1) {
        void wire.resetNextAt(way, record);
        const { code, stdout, stderr } = await lab.mig(question, env);
        wire.disarm();
        codes.push(code);
        assert.ok(relay.isRunning, `the relay ended at record ${record}: ${relay.lines.at(-1)}`);
        assert.doesNotMatch(stderr, /^\s+at |Unhandled/m);
        if (code === exitCodes.error) assert.match(stderr, /^error: /m);
        else {
          assert.equal(code, exitCodes.nothingFound, `${record}: ${stdout}${stderr}`);
          const { results } = Printed.parse(JSON.parse(stdout));
          assert.deepEqual(
            results.map(({ agent }) => agent.name).sort(),
            simulated.map(({ facts }) => facts.name),
          );
        }
      }
      t.diagnostic(`${records} records, exit codes ${codes.join(' ')}`);
    });
});
