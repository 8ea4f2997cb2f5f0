/** A platform whose addresses are IPv6 literals, and one on a system that has no IPv4 at all. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab, projectRoot } from '../tools/lab/lab.ts';
import { type ConnectProxy, startConnectProxy } from './relay/connect-proxy.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const question = ['file', '-t', 'all', '-path', '/etc', '-name', '^passwd$', '-maxdepth', '1', '-y'];

describe('addresses that are IPv6 literals', { skip: hasIpv6 ? false : 'this machine has no IPv6' }, () => {
  const lab = new Lab();
  let proxy: ConnectProxy;
  before(async () => {
    proxy = await startConnectProxy();
  });
  after(async () => {
    await lab.close();
    proxy.close();
  });

  it('reach the relay: agent, mig, and both through a proxy', async () => {
    const alice = await lab.makeInvestigator('alice');
    const { address } = await lab.startRelay({ api: '[::1]:0', amqp: '[::1]:0' });
    assert.match(address.api, /^https:\/\/\[::1\]:\d+$/);
    for (const proxies of [[], [`http://agent:s3cret@${proxy.host}`]]) {
      const fleet = proxies.length === 0 ? 'six' : 'proxied';
      const executable = await lab.buildAgent(fleet, {
        relay: { ...lab.relayConfig(address), proxies },
        investigators: { alice: toPerson(alice) },
        acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
        modules: ['file'],
      });
      await lab.startAgent(executable, fleet);
      const env = lab.migEnvironment(address, fleet, alice);
      const way = proxies.length === 0 ? {} : { MIG_PROXY: `http://agent:s3cret@${proxy.host}`, NO_PROXY: '' };
      const { code, stdout, stderr } = await lab.mig(question, { ...env, ...way });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /\/etc\/passwd/);
    }
    const there = [address.api, address.amqp ?? ''].map((url) => new URL(url).host);
    assert.deepEqual([...new Set(proxy.asked.map(({ to }) => to))].sort(), there.sort());
  });
});

/** In a network namespace of its own, with the loopback address of IPv6 alone. */
const withoutIpv4 = 'ip link set lo up && ip addr del 127.0.0.1/8 dev lo && exec "$0" "$@"';
const canRemove = isRoot && hasIpv6 && spawnSync('unshare', ['-n', 'sh', '-c', withoutIpv4, 'true']).status === 0;

describe('a system without IPv4', { skip: canRemove ? false : 'needs root, unshare and ip' }, () => {
  it('has a relay on its defaults', async () => {
    const lab = new Lab();
    try {
      const env = { PATH: process.env.PATH, HOME: lab.folder, MIG_INVESTIGATORS_DIR: lab.keysFolder };
      const server = `${projectRoot}/dist/bin/mig-server`;
      const relay = lab.start('the relay', 'unshare', ['-n', 'sh', '-c', withoutIpv4, server], env);
      const line = await relay.waitForLine((text) => text.includes('"event":"ready"'));
      assert.match(line, /"api":"https:\/\/\[::1\]:8443".*"amqp":"amqps:\/\/\[::1\]:5671\//);
    } finally {
      await lab.close();
    }
  });
});
