/** What Prometheus reads: right numbers, with a token, and nothing of what was asked or answered. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { TokenCreated } from '../protocol/api/access-api.ts';
import { reportsExchange } from '../protocol/topology.ts';
import { eventually } from '../tests/relay/eventually.ts';
import { describeRelay } from '../tests/relay/relay-suite.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';

await describeRelay('metrics', (relay) => {
  const { alice } = relay;
  const agent = new SimulatedAgent();

  before(async () => {
    await relay.start();
    await relay.connect(agent);
  });

  async function scrape(token: string): Promise<{ readonly status: number; readonly body: string }> {
    const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
    const ca = readFileSync(relay.server.caFile ?? '', 'utf8');
    return new Promise((resolve, reject) => {
      get(`${relay.server.apiUrl}/metrics`, { ca, headers }, async (response) => {
        resolve({ status: response.statusCode ?? 0, body: await text(response) });
      }).on('error', reject);
    });
  }

  test('count agents, commands by state, messages and what was set aside', async () => {
    const { token } = TokenCreated.parse((await alice.call('POST', '/tokens', { name: 'prometheus' })).body);
    assert.equal((await scrape('')).status, 401);
    assert.equal((await scrape(`${token}x`)).status, 401);
    await agent.sendHeartbeat();
    await eventually(async () => (await scrape(token)).body.includes('mig_agents{status="online"} 1'));
    const action = await alice.submit({ target: 'all', name: 'a secret question' });
    const { command } = await agent.waitForCommand(0);
    await agent.publish(reportsExchange, Buffer.from('garbage'));
    await agent.sendResult(command);
    await eventually(async () => (await scrape(token)).body.includes('mig_commands{state="succeeded"} 1'));
    const { body } = await scrape(token);
    for (const line of [
      'mig_commands{state="cancelled"} 0',
      'mig_outbox_commands 0',
      'mig_broker_connected 1',
      'mig_event_streams 0',
      'mig_agent_messages_total{kind="heartbeat"} 1',
      'mig_agent_messages_total{kind="result"} 1',
      'mig_poison_messages_total{reason="agent-message-malformed"} 1',
      'mig_http_request_duration_seconds_count{method="POST",route="/api/v1/actions",status="201"} 1',
    ])
      assert.ok(body.includes(`${line}\n`), `expected ${line} in\n${body}`);
    for (const secret of [action.id, action.name, agent.id, agent.facts.name, 'alice', token])
      assert.ok(!body.includes(secret), `expected no ${secret}`);
  });
});
