/** The environments of this organisation. `npm run build:agent -- --env NAME` bakes one of them into an agent. */
import { defineConfig } from './builder/config.ts';

/** Example keys: their private halves were thrown away. Replace them with your investigators' public keys. */
const investigators = {
  alice: {
    keys: [{ file: 'keys/example-alice.asc', fingerprint: '8E34 64AD 3FA2 B109 8AA9  349B CAA3 7B60 41E8 64C0' }],
  },
  bob: { keys: [{ file: 'keys/example-bob.asc', fingerprint: 'AFD8 7B08 542A 2E20 496C  6536 54A6 6AF1 0BAD AA8E' }] },
};

export default defineConfig({
  environments: {
    development: {
      relay: { url: 'amqps://mig-agent:agent@localhost:5671/', ca: 'keys/example-relay-ca.pem' },
      investigators,
      acl: { default: { minimumWeight: 1, weights: { alice: 1, bob: 1 } } },
      modules: ['file'],
      heartbeatSeconds: 10,
    },
    production: {
      relay: { url: 'amqps://mig-agent:CHANGE-ME@relay.example.org:5671/mig', ca: 'keys/example-relay-ca.pem' },
      investigators,
      // Alice alone or together with Bob; Bob alone may ask nothing.
      acl: { default: { minimumWeight: 2, weights: { alice: 2, bob: 1 } } },
      tags: { operator: 'it' },
      limits: { moduleSeconds: 300, moduleMemoryMiB: 512, cpuPercent: 50 },
      modules: ['file'],
    },
  },
});
