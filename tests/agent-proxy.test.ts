/** The packaged agent behind an HTTP proxy: TLS to the relay goes through it from end to end. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';
import { type ConnectProxy, startConnectProxy } from './relay/connect-proxy.ts';

const lab = new Lab();
let proxy: ConnectProxy;
before(async () => {
  proxy = await startConnectProxy();
});
after(async () => {
  await lab.close();
  proxy.close();
});

it('an agent reaches the relay through its proxy and answers', async () => {
  const alice = await lab.makeInvestigator('alice');
  const { address } = await lab.startRelay();
  const relay = { ...lab.relayConfig(address), proxies: [`http://agent:s3cret@${proxy.host}`] };
  const executable = await lab.buildAgent('proxied', {
    relay,
    investigators: { alice: toPerson(alice) },
    acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
    modules: ['file'],
  });
  const agent = await lab.startAgent(executable);
  const env = lab.migEnvironment(address, 'proxied', alice);
  await lab.waitForAgents(1, env);
  const { code, stdout, stderr } = await lab.mig(
    ['file', '-t', 'all', '-path', '/etc', '-name', '^passwd$', '-y'],
    env,
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\/etc\/passwd/);
  const to = new URL(address.amqp ?? '').host;
  assert.deepEqual([...new Set(proxy.asked.map((asked) => asked.to))], [to]);

  const shown = await lab.run(executable, ['config']);
  assert.match(shown.stdout, /http:\/\/agent:\*\*\*@127\.0\.0\.1/);
  assert.doesNotMatch(shown.stdout, /s3cret/);

  // A lost connection is made again, through the proxy as before.
  const before = agent.lines.length;
  proxy.cut();
  await agent.waitForLine((line) => line.includes('connected to the relay again'));
  const told = agent.lines.slice(before).map((line): Record<string, unknown> => JSON.parse(line));
  const lost = told.find(({ msg }) => msg === 'relay cannot be reached');
  assert.match(String(lost?.time), /^\d{4}-\d\d-\d\dT/);
  assert.equal(lost?.level, 'warn');
  assert.match(`${lost?.reason}; ${lost?.hint}`, /closed the connection.*; .*relay\.url of build\.config\.ts/);
});
