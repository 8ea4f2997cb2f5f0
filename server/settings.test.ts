import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CodedError } from '../protocol/base/coded-error.ts';
import { readSettings } from './settings.ts';

function problemOf(environment: Record<string, string>): string {
  try {
    readSettings(environment);
  } catch (error) {
    assert.ok(error instanceof CodedError);
    assert.equal(error.code, 'settings-malformed');
    return error.message;
  }
  return '';
}

describe('settings', () => {
  test('nothing set means this machine alone, with everything embedded', () => {
    const settings = readSettings({ HOME: '/home/alice' });
    assert.equal(settings.databaseUrl, null);
    assert.equal(settings.amqpUrl, null);
    assert.deepEqual(settings.listen, { host: '127.0.0.1', port: 8443 });
    assert.deepEqual(settings.amqpListen, { host: '127.0.0.1', port: 5671 });
    assert.equal(settings.plainHttp, false);
    assert.ok(Object.isFrozen(settings));
  });

  test('the state folder follows the XDG rule, an empty variable counts as absent', () => {
    assert.equal(readSettings({ XDG_STATE_HOME: '/state' }).stateDir, '/state/mig-server');
    assert.equal(readSettings({ XDG_STATE_HOME: '/state', MIG_STATE_DIR: '/own' }).stateDir, '/own');
    assert.equal(readSettings({ XDG_STATE_HOME: '/state', MIG_STATE_DIR: '' }).stateDir, '/state/mig-server');
  });

  test('plain HTTP is for loopback addresses', () => {
    for (const host of ['127.0.0.1', '127.8.9.10', '[::1]', 'localhost'])
      assert.ok(readSettings({ MIG_TLS: 'off', MIG_LISTEN: `${host}:80` }).plainHttp);
  });

  test('addresses are read with IPv6 and any port', () => {
    assert.deepEqual(readSettings({ MIG_LISTEN: '[::1]:0' }).listen, { host: '::1', port: 0 });
    assert.deepEqual(readSettings({ MIG_LISTEN: 'relay.example.org:443' }).listen, {
      host: 'relay.example.org',
      port: 443,
    });
  });

  test('where the relay is reached, and behind which proxies, are lists', () => {
    const { publicOrigins, trustedProxies } = readSettings({
      MIG_PUBLIC_ORIGINS: 'https://relay.example.org:443/, https://[2001:db8::1]:8443',
      MIG_TRUST_PROXY: '192.0.2.7,2001:db8::/32',
    });
    assert.deepEqual(publicOrigins, ['https://relay.example.org', 'https://[2001:db8::1]:8443']);
    assert.deepEqual(trustedProxies, [
      { address: '192.0.2.7', family: 'ipv4', prefix: 32 },
      { address: '2001:db8::', family: 'ipv6', prefix: 32 },
    ]);
  });

  test('each wrong variable is named, all of them at once, and no password is repeated', () => {
    const cases: [string, Record<string, string>][] = [
      ['MIG_LISTEN', { MIG_LISTEN: '8443' }],
      ['MIG_LISTEN', { MIG_LISTEN: '127.0.0.1:70000' }],
      ['MIG_AMQP_LISTEN', { MIG_AMQP_LISTEN: '::1:5671' }],
      ['MIG_DATABASE_URL', { MIG_DATABASE_URL: 'mysql://u:hunter22@db/mig' }],
      ['MIG_AMQP_URL', { MIG_AMQP_URL: 'hunter22' }],
      ['MIG_TLS_CERT', { MIG_TLS_CERT: 'cert.pem' }],
      ['MIG_TLS_CERT', { MIG_TLS_KEY: 'key.pem' }],
      ['MIG_PUBLIC_ORIGINS', { MIG_PUBLIC_ORIGINS: 'http://relay.example.org' }],
      ['MIG_PUBLIC_ORIGINS', { MIG_PUBLIC_ORIGINS: 'https://relay.example.org/api' }],
      ['MIG_TRUST_PROXY', { MIG_TRUST_PROXY: '10.0.0.0/33' }],
      ['MIG_TRUST_PROXY', { MIG_TRUST_PROXY: 'proxy.example.org' }],
      ['MIG_AGENT_PASSWORD', { MIG_AGENT_PASSWORD: 'short' }],
      ['MIG_LOG_LEVEL', { MIG_LOG_LEVEL: 'loud' }],
      ['MIG_TLS', { MIG_TLS: 'off', MIG_LISTEN: '0.0.0.0:8443' }],
      ['MIG_TLS', { MIG_TLS: 'off', MIG_LISTEN: '[::]:8443' }],
      ['MIG_TLS', { MIG_TLS: 'off', MIG_LISTEN: '127.evil.example.org:8443' }],
      ['MIG_ONLINE_SECONDS', { MIG_ONLINE_SECONDS: '1.5' }],
      ['MIG_IDLE_SECONDS', { MIG_IDLE_SECONDS: '100' }],
      ['MIG_ACTION_DAYS', { MIG_ACTION_DAYS: '0' }],
      ['MIG_AGENT_DAYS', { MIG_AGENT_DAYS: 'never' }],
    ];
    for (const [name, environment] of cases) {
      const problem = problemOf(environment);
      assert.ok(problem.includes(name), `${name} in ${problem}`);
      assert.ok(!problem.includes('hunter22'));
    }
    const both = problemOf({ MIG_LISTEN: 'x', MIG_AMQP_URL: 'y' });
    assert.ok(both.includes('MIG_LISTEN') && both.includes('MIG_AMQP_URL'));
  });

  test('names variables that nobody reads, and what was meant', () => {
    const variables = { MIG_TSL_CERT: 'x', MIG_COLOUR: 'x', MIG_SERVER: 'x', MIG_LISTEN: '127.0.0.1:1', PATH: 'x' };
    assert.deepEqual(readSettings(variables).unread, ['MIG_TSL_CERT; did you mean MIG_TLS_CERT?', 'MIG_COLOUR']);
  });
});
