/** What is taken in can be shown: the largest messages that the relay takes, back through every answer that shows them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type * as z from 'zod';
import { type AgentFacts, verifyAgentMessage } from '../protocol/agent-message/agent-message.ts';
import {
  ActionDetail,
  ActionsResponse,
  AgentRecord,
  AgentsResponse,
  CommandsResponse,
  ReportsResponse,
} from '../protocol/api/api.ts';
import { commandIdOf, newInstanceId } from '../protocol/base/identifiers.ts';
import { maximumAgentMessageBytes, maximumFacts, maximumTags } from '../protocol/base/limits.ts';
import { targetLimits } from '../protocol/target/tree.ts';
import { heartbeatsExchange, reportsExchange } from '../protocol/topology.ts';
import { createEmbeddedBench } from '../tests/relay/pairs.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';
import { pageBytes } from './database/page.ts';
import type { RunningServer } from './server.ts';

/** What `mig` takes as one answer. */
const maximumAnswerBytes = 64 * 1024 * 1024;

/** Texts that grow in one encoding or another. */
const letter = fc.constantFrom('x', '"', '\\', '\u0001', '€', '😀');

function record<T>(keys: number, keyCharacters: number, value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return value.map((one) =>
    Object.fromEntries(Array.from({ length: keys }, (_, index) => [String(index).padEnd(keyCharacters, 'k'), one])),
  );
}

function long(characters: number): fc.Arbitrary<string> {
  return letter.map((one) => one.repeat(Math.floor(characters / one.length)));
}

type LargeFacts = Pick<AgentFacts, 'name' | 'environment' | 'tags'>;

/** More than fits, in every direction. */
const largestFacts: fc.Arbitrary<LargeFacts> = fc.record({
  name: long(255),
  environment: fc.oneof(
    record(maximumFacts, 64, long(1024)),
    record(
      maximumFacts,
      64,
      long(256).map((text) => Array(256).fill(text)),
    ),
    record(maximumFacts, 64, fc.constant(Array(256).fill(''))),
    fc.constant({}),
  ),
  tags: record(maximumTags, 64, fc.oneof(long(256), fc.constant(''))),
});

function isTaken(body: Buffer): boolean {
  try {
    return verifyAgentMessage(body).kind === 'heartbeat';
  } catch {
    return false;
  }
}

/** As much of it as is taken for a heartbeat. */
function largestHeartbeat(agent: SimulatedAgent, { name, ...facts }: LargeFacts): Buffer {
  const keep = (share: number): Buffer => {
    const part = <T>(values: Readonly<Record<string, T>>): Record<string, T> => {
      const entries = Object.entries(values);
      return Object.fromEntries(entries.slice(0, Math.floor(share * entries.length)));
    };
    return agent.heartbeat(Date.now(), { name, environment: part(facts.environment), tags: part(facts.tags) });
  };
  let [taken, refused] = [0, 65];
  while (refused - taken > 1) {
    const share = (taken + refused) >> 1;
    if (isTaken(keep(share / 64))) taken = share;
    else refused = share;
  }
  return keep(taken / 64);
}

describe('the largest that the relay takes in', () => {
  let bench: Awaited<ReturnType<typeof createEmbeddedBench>>;
  let server: RunningServer;
  const agents: SimulatedAgent[] = [];

  before(async () => {
    bench = await createEmbeddedBench();
    server = await bench.start();
    await bench.alice.logIn();
  });
  after(async () => {
    for (const agent of agents) await agent.close();
    await server.close();
    await bench.clean();
  });

  async function show<T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const response = await bench.alice.call(method, path, body);
    assert.ok(response.status < 300, `${path}: ${JSON.stringify(response.body).slice(0, 500)}`);
    assert.ok(Buffer.byteLength(JSON.stringify(response.body)) < maximumAnswerBytes, path);
    return schema.parse(response.body);
  }

  async function showAllAgents(): Promise<AgentRecord[]> {
    const all: AgentRecord[] = [];
    let next: string | null | undefined;
    while (next !== null) {
      const query = { target: 'all', limit: 1000, heartbeats: true, ...(next === undefined ? {} : { after: next }) };
      const page: z.infer<typeof AgentsResponse> = await show('POST', '/agents/search', AgentsResponse, query);
      all.push(...page.agents);
      next = page.next;
    }
    return all;
  }

  // A heartbeat of 61 kB once made every list that it was in fail, for everybody.
  test('as a heartbeat: agents, one agent, pages of them, and whom an action went to', async () => {
    const shapes = fc.sample(largestFacts, { numRuns: 12, seed: 7 });
    const connected = new SimulatedAgent();
    agents.push(connected);
    await bench.connectAgent(server, connected);
    const bodies = shapes.map((facts) => {
      const agent = new SimulatedAgent();
      return { id: agent.id, body: largestHeartbeat(agent, facts) };
    });
    // More of them than one page may bring.
    const [first] = shapes;
    assert.ok(first !== undefined);
    const more = Array.from({ length: Math.ceil((pageBytes / 40_000) * 1.2) }, () => {
      const agent = new SimulatedAgent();
      return { id: agent.id, body: largestHeartbeat(agent, first) };
    });
    for (const { body } of [...bodies, ...more]) await connected.publish(heartbeatsExchange, body);
    const expected = bodies.length + more.length;
    await eventually(async () => (await show('GET', '/agents?limit=0', AgentsResponse)).total === expected, 60_000);
    const shown = await showAllAgents();
    assert.equal(new Set(shown.map(({ id }) => id)).size, expected);
    assert.ok(shown.every(({ heartbeat }) => heartbeat !== undefined));
    for (const { id } of bodies) await show('GET', `/agents/${id}`, AgentRecord);

    const action = await bench.alice.submit({ target: 'all' });
    let next: string | null | undefined;
    let commands = 0;
    while (next !== null) {
      const where = next === undefined ? '' : `&after=${next}`;
      const page: z.infer<typeof CommandsResponse> = await show(
        'GET',
        `/actions/${action.id}/commands?limit=1000${where}`,
        CommandsResponse,
      );
      commands += page.commands.length;
      next = page.next;
    }
    assert.equal(commands, expected);
  });

  test('as starts of a copied agent: some are shown, the others left out', async () => {
    const agent = new SimulatedAgent();
    agents.push(agent);
    await bench.connectAgent(server, agent);
    const [facts] = fc.sample(largestFacts, { numRuns: 1, seed: 3 });
    assert.ok(facts !== undefined);
    for (let start = 0; start < 40; start += 1) {
      agent.instance = newInstanceId();
      agent.startedMs = Date.now() - 100_000 + start * 1000;
      await agent.publish(heartbeatsExchange, largestHeartbeat(agent, facts));
    }
    await eventually(async () => (await bench.alice.call('GET', `/agents/${agent.id}`)).status === 200);
    const shown = await show('GET', `/agents/${agent.id}`, AgentRecord);
    assert.ok(shown.clones.length <= 16);
  });

  test('as an action: in the list and alone', async () => {
    const target = `name IN (${Array(900)
      .fill(`'${'x'.repeat(76)}'`)
      .join(',')})`;
    assert.ok(target.length > 0.95 * targetLimits.characters);
    const action = await bench.alice.submit({ target, name: '\u0001'.repeat(2048) });
    await show('GET', `/actions/${action.id}`, ActionDetail);
    const { actions } = await show('GET', '/actions?limit=1000', ActionsResponse);
    assert.ok(actions.some(({ id }) => id === action.id));
  });

  test('as an answer: it is shown whole, and what comes with it is too', async () => {
    const agent = new SimulatedAgent();
    agents.push(agent);
    await bench.connectAgent(server, agent);
    await agent.sendHeartbeat();
    await eventually(async () => (await bench.alice.call('GET', `/agents/${agent.id}`)).status === 200);
    const action = await bench.alice.submit({ target: `id = '${agent.id}'` });
    // What was asked of all agents before comes first.
    let received = await agent.waitForCommand(0);
    for (let index = 1; received.command.id !== commandIdOf(action.id, agent.id); index += 1)
      received = await agent.waitForCommand(index);
    const { command, acknowledge } = received;
    const around = agent.result(command, 'succeeded', Buffer.alloc(1)).length - 1;
    const largest = agent.result(command, 'succeeded', randomBytes(maximumAgentMessageBytes - around));
    await agent.publish(reportsExchange, largest);
    acknowledge();
    const path = `/actions/${action.id}`;
    await eventually(async () => (await show('GET', path, ActionDetail)).counts.succeeded === 1, 60_000);
    const response = await bench.alice.call('GET', `/actions/${action.id}/reports`);
    const { reports } = ReportsResponse.parse(response.body);
    assert.deepEqual(
      reports.map(({ message }) => Buffer.from(message, 'base64').equals(largest)),
      [true],
    );
  });
});
