/** What Prometheus reads: right numbers, with a token, and nothing of what was asked or answered. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { TokenCreated } from '../protocol/api/access-api.ts';
import { reportsExchange } from '../protocol/topology.ts';
import { describeRelay } from '../tests/relay/relay-suite.ts';
import { scrape } from '../tests/relay/scrape.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

await describeRelay('metrics', (relay) => {
  const { alice } = relay;
  const agent = new SimulatedAgent();

  before(async () => {
    await relay.start();
    await relay.connect(agent);
  });

  const read = (token: string) => scrape(relay.server, token);

  test('count agents, commands by state, messages and what was set aside', async () => {
    const { token } = TokenCreated.parse((await alice.call('POST', '/tokens', { name: 'prometheus' })).body);
    assert.equal((await read('')).status, 401);
    assert.equal((await read(`${token}x`)).status, 401);
    await agent.sendHeartbeat();
    await eventually(async () => (await read(token)).body.includes('mig_agents{status="online"} 1'));
    const action = await alice.submit({ target: 'all', name: 'a secret question' });
    const { command } = await agent.waitForCommand(0);
    await agent.publish(reportsExchange, Buffer.from('garbage'));
    await agent.sendResult(command);
    await eventually(async () => (await read(token)).body.includes('mig_commands{state="succeeded"} 1'));
    const { body } = await read(token);
    for (const line of [
      'mig_commands{state="cancelled"} 0',
      'mig_agents{status="idle"} 0',
      'mig_agents{status="offline"} 0',
      'mig_database_connected 1',
      'mig_agent_messages_total{kind="refusal"} 0',
      'mig_poison_messages_total{reason="unstorable"} 0',
      'mig_outbox_commands 0',
      'mig_broker_connected 1',
      'mig_event_streams 0',
      'mig_agent_messages_total{kind="heartbeat"} 1',
      'mig_agent_messages_total{kind="result"} 1',
      'mig_poison_messages_total{reason="agent-message-malformed"} 1',
      'mig_http_request_duration_seconds_count{method="POST",route="/api/v1/actions",status="201"} 1',
    ])
      assert.ok(body.includes(`${line}\n`), `expected ${line} in\n${body}`);
    const ends = [...body.matchAll(/^mig_certificate_expiry_timestamp_seconds\{certificate="(\w+)"\} (\d+)$/gm)];
    assert.deepEqual(
      ends.map(([, name]) => name),
      ['api', 'apica'],
    );
    for (const [, , seconds] of ends) assert.ok(Number(seconds) > Date.now() / 1000 + 300 * 86_400);
    for (const secret of [action.id, action.name, agent.id, agent.facts.name, 'alice', token])
      assert.ok(!body.includes(secret), `expected no ${secret}`);
  });
});
