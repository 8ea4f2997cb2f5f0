import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { BakedEnvironment } from '../protocol/environment/environment.ts';
import { toShownConfig } from './show-config.ts';

it('shows where the agent connects to, and no secret of it', () => {
  const environment = {
    name: 'production',
    relay: {
      url: 'amqps://mig-agent:s3cret@relay.example.org/mig',
      ca: 'the CA',
      proxies: ['http://agent:s3cret@proxy.example.org:3128'],
      clientCertificate: { certificate: 'the certificate', key: 's3cret key' },
    },
    rootkeys: null,
    investigators: [{ name: 'alice', keys: [{ fingerprint: 'A'.repeat(40), armored: 'long' }] }],
  } as unknown as BakedEnvironment;
  const confinement = {
    capabilities: true,
    callFilter: true,
    readOnlyVersion: 0,
    restrictedToken: false,
    lowIntegrity: false,
    lowIntegrityForProcesses: false,
  };
  const here = { modules: ['file'], confinement };
  const shown = JSON.stringify(toShownConfig(environment, here, '0.1.0'));
  assert.doesNotMatch(shown, /s3cret/);
  assert.match(shown, /amqps:\/\/mig-agent:\*\*\*@relay\.example\.org\/mig/);
  assert.match(shown, /the certificate/);
  assert.match(shown, /"files":"not on this system"/);
});
