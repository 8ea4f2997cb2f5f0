/** The relay from the investigator's request to the agent and back, on both pairs of database and broker. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Counts, noCounts, Report, ReportsResponse } from '../protocol/api/api.ts';
import { commandIdOf } from '../protocol/base/identifiers.ts';
import { toInstant } from '../protocol/base/instant.ts';
import { heartbeatsExchange, reportsExchange } from '../protocol/topology.ts';
import { describeRelay } from '../tests/relay/relay-suite.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

await describeRelay('the relay', (relay) => {
  const { alice, bench } = relay;

  before(() => relay.start());

  test('an action goes to the agent and its result to the follower', async () => {
    const agent = await relay.newAgent();
    const action = await alice.submit({ target: `id = '${agent.id}'` });
    const reader = await alice.follow(action.id);
    const { command, acknowledge } = await agent.waitForCommand(0);
    assert.equal(command.id, commandIdOf(action.id, agent.id));
    const result = agent.result(command);
    await agent.publish(reportsExchange, result);
    acknowledge();
    const report = Report.parse((await reader.until('report')).data);
    assert.equal(report.agent, agent.id);
    assert.equal(report.kind, 'result');
    assert.deepEqual(Buffer.from(report.message, 'base64'), result);
    assert.deepEqual(Counts.parse((await reader.until('end')).data), { ...noCounts, succeeded: 1 });
    assert.equal(await reader.next(), null);
  });

  test('results, failures and refusals are counted, each agent once however often it answers', async () => {
    const tags = { team: `count-${bench.name}` };
    const team = await Promise.all([relay.newAgent({ tags }), relay.newAgent({ tags }), relay.newAgent({ tags })]);
    const [good, bad, unwilling] = team;
    assert.ok(good && bad && unwilling);
    const action = await alice.submit({ target: `tags->>'team' = '${tags.team}'` });
    const reader = await alice.follow(action.id);
    const commands = await Promise.all(team.map(async (agent) => (await agent.waitForCommand(0)).command));
    const [first, second, third] = commands;
    assert.ok(first && second && third);
    await good.sendResult(first);
    await good.sendResult(first);
    await good.sendResult(first, 'failed');
    await bad.sendResult(second, 'failed');
    await unwilling.publish(reportsExchange, unwilling.refusal(third, 'target-mismatch'));
    await unwilling.publish(reportsExchange, unwilling.refusal(third, 'target-mismatch'));
    assert.deepEqual(Counts.parse((await reader.until('end')).data), {
      ...noCounts,
      succeeded: 1,
      failed: 1,
      refused: 1,
    });
    assert.equal(reader.events.filter(({ event }) => event === 'report').length, 3);
  });

  test('a command that an agent refuses as replayed is not over: its answer is on its way', async () => {
    const agent = await relay.newAgent();
    const { id } = await alice.submit({ target: `id = '${agent.id}'` });
    const { command } = await agent.waitForCommand(0);
    await agent.publish(reportsExchange, agent.refusal(command, 'replayed'));
    const events = await alice.follow(id);
    await events.until('report');
    assert.deepEqual(await alice.countsOf(id), { ...noCounts, running: 1 });
    await agent.sendResult(command);
    await events.until('end');
    assert.deepEqual(await alice.countsOf(id), { ...noCounts, succeeded: 1 });
    events.close();
  });

  test('a refusal after the result is kept but changes no state, a result after a refusal counts', async () => {
    const agent = await relay.newAgent();
    const target = `id = '${agent.id}'`;
    const first = await alice.submit({ target });
    const command = (await agent.waitForCommand(0)).command;
    await agent.sendResult(command);
    await agent.publish(reportsExchange, agent.refusal(command, 'replayed'));
    await eventually(async () => (await reportsOf(first.id)).length === 2);
    assert.deepEqual(await alice.countsOf(first.id), { ...noCounts, succeeded: 1 });
    const second = await alice.submit({ target });
    const again = (await agent.waitForCommand(1)).command;
    await agent.publish(reportsExchange, agent.refusal(again, 'unknown-module'));
    await agent.sendResult(again);
    await eventually(async () => (await reportsOf(second.id)).length === 2);
    assert.deepEqual(await alice.countsOf(second.id), { ...noCounts, succeeded: 1 });
  });

  async function reportsOf(id: string): Promise<Report[]> {
    return ReportsResponse.parse((await alice.call('GET', `/actions/${id}/reports`)).body).reports;
  }

  test('a follower that comes back gets what it has not seen, and pages hold the same', async () => {
    const tags = { team: `pages-${bench.name}` };
    const team = await Promise.all([relay.newAgent({ tags }), relay.newAgent({ tags }), relay.newAgent({ tags })]);
    for (const agent of team) agent.answerAll();
    const action = await alice.submit({ target: `tags->>'team' = '${tags.team}'` });
    const reader = await alice.follow(action.id);
    await reader.until('end');
    const sequences = reader.events.filter(({ event }) => event === 'report').map(({ id }) => Number(id));
    assert.equal(sequences.length, 3);
    assert.deepEqual(
      sequences,
      [...sequences].sort((a, b) => a - b),
    );
    const resumed = await alice.follow(action.id, sequences[1]);
    await resumed.until('end');
    assert.deepEqual(
      resumed.events.filter(({ event }) => event === 'report').map(({ id }) => Number(id)),
      sequences.slice(2),
    );
    const paged: number[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const { body } = await alice.call('GET', `/actions/${action.id}/reports?limit=2&after=${after}`);
      const { reports, next } = ReportsResponse.parse(body);
      paged.push(...reports.map((report) => report.sequence));
      after = next;
    }
    assert.deepEqual(paged, sequences);
  });

  test('an agent that comes up later gets the actions that are still valid and fit, once', async () => {
    const team = `late-${bench.name}`;
    const action = await alice.submit({ target: `tags->>'team' = '${team}'` });
    await alice.submit({ target: `tags->>'team' = 'other'` });
    assert.deepEqual(await alice.countsOf(action.id), noCounts);
    const late = await relay.newAgent({ tags: { team } });
    const { command } = await late.waitForCommand(0);
    assert.equal(command.id, commandIdOf(action.id, late.id));
    await late.sendHeartbeat();
    await late.sendResult(command);
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
    assert.equal(late.received.length, 1);
  });

  test('an agent that comes up later gets nothing that was asked of those who were online', async () => {
    const team = `moment-${bench.name}`;
    for (const target of [
      'online',
      `status = 'online' AND tags->>'team' = '${team}'`,
      "starttime > NOW() - INTERVAL '1 day'",
    ])
      await alice.submit({ target });
    const waits = await alice.submit({ target: `tags->>'team' = '${team}'` });
    const late = await relay.newAgent({ tags: { team } });
    const { command } = await late.waitForCommand(0);
    assert.equal(command.id, commandIdOf(waits.id, late.id));
    await late.sendResult(command);
    await eventually(async () => (await alice.countsOf(waits.id)).succeeded === 1);
    assert.equal(late.received.length, 1);
  });

  test('a command for an agent without a queue waits for its heartbeat', async () => {
    const agent = new SimulatedAgent();
    relay.agents.keep(agent);
    const messenger = await relay.newAgent();
    await messenger.publish(heartbeatsExchange, agent.heartbeat());
    await relay.agents.untilListed(agent);
    const action = await alice.submit({ target: `id = '${agent.id}'` });
    await relay.connect(agent);
    await agent.sendHeartbeat();
    const { command } = await agent.waitForCommand(0);
    assert.equal(command.id, commandIdOf(action.id, agent.id));
    await eventually(async () => (await alice.countsOf(action.id)).sent === 1);
  });

  test('commands that nobody answered expire when the action ends, and a late result still counts', async () => {
    const agent = await relay.newAgent();
    const action = await alice.submit({
      target: `id = '${agent.id}'`,
      expireafter: toInstant(Date.now() + 2000),
    });
    const { command } = await agent.waitForCommand(0);
    const reader = await alice.follow(action.id);
    assert.deepEqual(Counts.parse((await reader.until('end')).data), { ...noCounts, expired: 1 });
    await agent.sendResult(command);
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
    assert.deepEqual(await alice.countsOf(action.id), { ...noCounts, succeeded: 1 });
  });

  test('forged, malformed and foreign messages are dropped and counted, and nothing else suffers', async () => {
    const agent = await relay.newAgent();
    const thief = await relay.newAgent();
    const action = await alice.submit({ target: `id = '${agent.id}'` });
    const { command } = await agent.waitForCommand(0);
    const forged = agent.result(command);
    forged[0] = (forged[0] ?? 0) ^ 1;
    await agent.publish(reportsExchange, forged);
    await agent.publish(reportsExchange, Buffer.from('garbage'));
    await agent.publish(reportsExchange, Buffer.alloc(0));
    await thief.publish(reportsExchange, thief.result(command));
    await thief.publish(reportsExchange, thief.refusal(command, 'unknown-module'));
    await agent.publish(reportsExchange, agent.heartbeat());
    await agent.publish(heartbeatsExchange, agent.result(command));
    await agent.publish(heartbeatsExchange, agent.heartbeat(Date.now() - 11 * 60_000));
    await agent.sendResult(command);
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
    await eventually(async () => relay.server.poison.get('heartbeat-out-of-time') === 1);
    assert.equal((await reportsOf(action.id)).length, 1);
    assert.equal(relay.server.poison.get('agent-message-forged'), 1);
    assert.equal(relay.server.poison.get('agent-message-malformed'), 2);
    assert.equal(relay.server.poison.get('unknown-command'), 2);
    assert.equal(relay.server.poison.get('unexpected-kind'), 2);
  });

  test('a heartbeat that no database can hold is dropped, and those beside it are kept', async () => {
    const messenger = await relay.newAgent();
    const poison = new SimulatedAgent({ name: 'nul\0in the name' });
    const neighbours = [new SimulatedAgent(), new SimulatedAgent()];
    relay.agents.keep(...neighbours);
    const [first, second] = neighbours;
    assert.ok(first && second);
    const bodies = [first.heartbeat(), poison.heartbeat(), second.heartbeat()];
    await Promise.all(bodies.map((body) => messenger.publish(heartbeatsExchange, body)));
    for (const agent of neighbours) await relay.agents.untilListed(agent);
    assert.equal(await relay.agents.count(`id = '${poison.id}'`), 0);
  });

  test('an older heartbeat does not replace a newer one', async () => {
    const agent = await relay.newAgent({ version: 'v1' });
    await agent.sendHeartbeat(Date.now(), { version: 'v3' });
    await eventually(async () => (await relay.agents.count(`id = '${agent.id}' AND version = 'v3'`)) === 1);
    await agent.sendHeartbeat(Date.now() - 60_000, { version: 'v2' });
    await relay.newAgent();
    assert.equal(await relay.agents.count(`id = '${agent.id}' AND version = 'v3'`), 1);
  });

  test('an unacknowledged command comes back to the agent that lost its connection', async () => {
    const agent = await relay.newAgent();
    await alice.submit({ target: `id = '${agent.id}'` });
    await agent.waitForCommand(0);
    await agent.close();
    await relay.connect(agent);
    const again = await agent.waitForCommand(1);
    assert.ok(again.redelivered);
    assert.equal(again.command.id, agent.received[0]?.command.id);
  });

  test('a restart loses nothing: commands reach their agents and followers go on', async () => {
    const answered = await relay.newAgent();
    const silent = await relay.newAgent();
    const action = await alice.submit({ target: `id IN ('${answered.id}', '${silent.id}')` });
    await answered.sendResult((await answered.waitForCommand(0)).command);
    await silent.waitForCommand(0);
    await eventually(async () => (await alice.countsOf(action.id)).succeeded === 1);
    const before = await alice.follow(action.id);
    const seen = Report.parse((await before.until('report')).data).sequence;
    await silent.close();
    await relay.server.close();
    while ((await before.next()) !== null);
    assert.ok(before.events.every(({ event }) => event !== 'end'));
    await relay.restart();
    const reader = await alice.follow(action.id, seen);
    await relay.connect(silent);
    await silent.sendHeartbeat();
    const { command } = await silent.waitForCommand(1);
    await silent.sendResult(command);
    assert.deepEqual(Counts.parse((await reader.until('end')).data), { ...noCounts, succeeded: 2 });
    assert.equal(reader.events.filter(({ event }) => event === 'report').length, 1);
    assert.equal(await relay.agents.count(`id = '${answered.id}'`), 1);
  });
});
