/** Cancelling an action: who may, what becomes of each command, and that late answers still count. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ActionSummary, Counts, noCounts, Problem } from '../protocol/api/api.ts';
import { heartbeatsExchange, reportsExchange } from '../protocol/topology.ts';
import { describeRelay } from '../tests/relay/relay-suite.ts';
import { TestInvestigator } from '../tests/relay/test-investigator.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

await describeRelay('cancelling', (relay) => {
  const { alice, bench } = relay;
  let bob: TestInvestigator;
  const agents: SimulatedAgent[] = [];

  before(async () => {
    bob = await TestInvestigator.create('Bob');
    bench.admit('bob', bob);
    await relay.start(bob);
  });
  after(() => bob.close());

  async function newAgent(isConnected = true): Promise<SimulatedAgent> {
    const agent = new SimulatedAgent();
    agents.push(agent);
    if (isConnected) await relay.connect(agent);
    const messenger = isConnected ? agent : (agents[0] ?? assert.fail());
    await messenger.publish(heartbeatsExchange, agent.heartbeat());
    await relay.agents.untilListed(agent);
    return agent;
  }

  async function cancel(id: string, by = alice): Promise<ActionSummary> {
    const response = await by.call('POST', `/actions/${id}/cancel`);
    assert.equal(response.status, 202);
    return ActionSummary.parse(response.body);
  }

  test('what waits ends at once, what runs is told and counts when it says so', async () => {
    const working = await newAgent();
    const withoutQueue = await newAgent(false);
    const action = await alice.submit({ target: `id IN ('${working.id}', '${withoutQueue.id}')` });
    const { command } = await working.waitForCommand(0);
    await working.publish(reportsExchange, working.running(command));
    await eventually(async () => (await alice.countsOf(action.id)).running === 1);
    assert.deepEqual(await alice.countsOf(action.id), { ...noCounts, queued: 1, running: 1 });
    const reader = await alice.follow(action.id);
    const summary = await cancel(action.id);
    assert.deepEqual(summary.counts, { ...noCounts, cancelled: 1, running: 1 });
    assert.ok(summary.cancelled !== null);
    await working.waitForCancellation(action.id);
    await working.sendResult(command, 'cancelled');
    assert.deepEqual(Counts.parse((await reader.until('end')).data), { ...noCounts, cancelled: 2 });
    assert.equal(reader.events.filter(({ event }) => event === 'report').length, 1);
    assert.equal((await cancel(action.id)).cancelled, summary.cancelled);
    await relay.connect(withoutQueue);
    await withoutQueue.sendHeartbeat();
    const later = await newAgent();
    assert.equal(later.received.length + withoutQueue.received.length, 0);
  });

  test('a result that was on its way counts more than the cancellation', async () => {
    const agent = await newAgent();
    const action = await alice.submit({ target: `id = '${agent.id}'` });
    const { command } = await agent.waitForCommand(0);
    await cancel(action.id);
    await agent.sendResult(command);
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
    await agent.publish(reportsExchange, agent.running(command));
    await agent.sendResult(command, 'cancelled');
    const next = await alice.submit({ target: `id = '${agent.id}'` });
    await agent.sendResult((await agent.waitForCommand(1)).command);
    await eventually(async () => (await alice.countsOf(next.id)).succeeded === 1);
    assert.deepEqual(await alice.countsOf(action.id), { ...noCounts, succeeded: 1 });
  });

  test('agents that enrol later are not asked what was cancelled', async () => {
    const action = await alice.submit({ target: 'all' });
    await cancel(action.id);
    const late = await newAgent();
    const next = await alice.submit({ target: `id = '${late.id}'` });
    const { command } = await late.waitForCommand(0);
    assert.equal(JSON.parse(Buffer.from(command.envelope.payload, 'base64').toString().slice(14)).id, next.id);
  });

  test('only who brought or signed it may', async () => {
    const { id } = await alice.submit();
    const refused = await bob.call('POST', `/actions/${id}/cancel`);
    assert.deepEqual([refused.status, Problem.parse(refused.body).code], [403, 'not-your-action']);
    assert.equal((await alice.call('POST', `/actions/${'0'.repeat(32)}/cancel`)).status, 404);
    const shared = alice.newAction();
    const submission = await alice.newSubmission(shared);
    const second = await bob.sign(Buffer.from(submission.envelope.payload, 'base64'));
    const envelope = { ...submission.envelope, signatures: [...submission.envelope.signatures, second] };
    assert.equal((await alice.call('POST', '/actions', { ...submission, envelope })).status, 201);
    await cancel(shared.id, bob);
  });
});
