/** The warnings before compiled-in certificates end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate } from 'selfsigned';
import { warnOfCertificateEnds } from './certificate-ends.ts';

const dayMs = 86_400_000;

test('a certificate that ends soon, or has ended, is named with its setting', async () => {
  const endMs = Math.floor(Date.now() / 1000) * 1000 + 100 * dayMs;
  const { cert } = await generate([{ name: 'commonName', value: 'agents' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(endMs),
  });
  const told: unknown[] = [];
  const note =
    (level: string) =>
    ({ certificate, end }: { readonly certificate: string; readonly end: string }, words: string) =>
      told.push([level, certificate, end, words]);
  const log = { warn: note('warn'), error: note('error') };
  const relay = { ca: null, clientCertificate: { certificate: cert, key: '' } };
  const end = new Date(endMs).toISOString();
  warnOfCertificateEnds(relay, log, endMs - 61 * dayMs);
  assert.deepEqual(told, []);
  warnOfCertificateEnds(relay, log, endMs - 59 * dayMs);
  warnOfCertificateEnds({ ca: cert, clientCertificate: null }, log, endMs);
  assert.deepEqual(told, [
    ['warn', 'relay.clientCertificate', end, 'certificate ends soon'],
    ['error', 'relay.ca', end, 'certificate has ended'],
  ]);
});
