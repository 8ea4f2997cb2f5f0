/** The way to the server through an HTTP proxy (CONNECT, RFC 9110, 9.3.6), as companies have one. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ConnectProxy, startConnectProxy } from '../../tests/relay/connect-proxy.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';

let platform: ToyPlatform;
let proxy: ConnectProxy;

before(async () => {
  platform = await startToyPlatform();
  proxy = await startConnectProxy();
});
after(async () => {
  await platform.close();
  proxy.close();
});
beforeEach(() => {
  proxy.asked.splice(0);
  proxy.refuseWith = null;
  for (const name of ['MIG_PROXY', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'])
    delete platform.environment[name];
});

const host = (): string => new URL(platform.relay.url).host;

describe('a proxy', () => {
  for (const name of ['MIG_PROXY', 'HTTPS_PROXY', 'https_proxy'])
    it(`is used when ${name} names it, with its credentials`, async () => {
      platform.environment[name] = `http://user:word@${proxy.host}`;
      const { exitCode, lines } = await platform.mig('toy', '-word', 'wget');
      assert.equal(exitCode, exitCodes.found);
      assert.match(lines.join('\n'), /^out: web1\S* knows wget$/m);
      const authorization = `Basic ${Buffer.from('user:word').toString('base64')}`;
      assert.ok(proxy.asked.length > 0);
      for (const tunnel of proxy.asked) assert.deepEqual(tunnel, { to: host(), authorization });
    });

  it('is passed by for the hosts of NO_PROXY', async () => {
    platform.environment.HTTPS_PROXY = `http://${proxy.host}`;
    platform.environment.NO_PROXY = 'example.org,127.0.0.1';
    assert.equal((await platform.mig('toy', '-word', 'wget')).exitCode, exitCodes.found);
    assert.deepEqual(proxy.asked, []);
  });

  it('is named when it refuses, without its credentials', async () => {
    proxy.refuseWith = 407;
    platform.environment.MIG_PROXY = `http://user:word@${proxy.host}`;
    await assert.rejects(platform.mig('toy', '-word', 'wget'), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'server-unreachable');
      assert.match(error.message, new RegExp(`through the proxy ${proxy.host}: .*407`));
      assert.doesNotMatch(error.message, /user|word/);
      return true;
    });
  });

  it('is refused by name when it is no URL', async () => {
    platform.environment.HTTPS_PROXY = 'proxy.example.org:3128';
    await assert.rejects(platform.mig('toy', '-word', 'wget'), {
      code: 'settings-malformed',
      message: /^HTTPS_PROXY: expected a URL such as/,
    });
  });
});
