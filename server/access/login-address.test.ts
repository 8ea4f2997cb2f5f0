import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { generate } from 'selfsigned';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { isProxy, LoginAddress, toBlockList } from './login-address.ts';

const proxies = toBlockList([
  { address: '192.0.2.7', family: 'ipv4', prefix: 32 },
  { address: '2001:db8::', family: 'ipv6', prefix: 32 },
]);
const publicOrigins = ['https://mig.example.org'];

describe('the address that a login was signed for', () => {
  let pem: string;
  let digest: string;

  before(async () => {
    const altNames = [
      { type: 2 as const, value: 'relay.example.org' },
      { type: 2 as const, value: '*.shared.example.org' },
      { type: 7 as const, ip: '::1' },
    ];
    const made = await generate([{ name: 'commonName', value: 'cn.example.org' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames }],
    });
    pem = made.cert;
    digest = sha256Hex(new X509Certificate(pem).raw);
  });

  function codeOf(origin: string, certificate: string, shown: string | null, own: string | null = pem): string {
    try {
      new LoginAddress({ publicOrigins, proxies, certificate: own }).assertMeant(
        { challenge: '', origin, certificate },
        shown,
      );
      return 'meant';
    } catch (error) {
      assert.ok(error instanceof CodedError);
      return error.code;
    }
  }

  test('is a name of the certificate or a public one, with the certificate that was shown', () => {
    for (const origin of ['https://relay.example.org:8443', 'https://[::1]:8443', 'https://mig.example.org']) {
      assert.equal(codeOf(origin, digest, digest), 'meant', origin);
      assert.equal(codeOf(origin, 'a'.repeat(64), digest), 'login-certificate-differs', origin);
    }
    // With the challenge of an instance that has another certificate.
    assert.equal(codeOf('https://mig.example.org', 'b'.repeat(64), 'b'.repeat(64)), 'meant');
  });

  test('is no other one', () => {
    const others = [
      'https://staging.example.org',
      'https://cn.example.org',
      'https://any.shared.example.org',
      'https://mig.example.org:8443',
      'http://relay.example.org',
      'https://user@relay.example.org',
      'https://relay.example.org/',
      'relay.example.org',
    ];
    for (const origin of others) assert.equal(codeOf(origin, digest, digest), 'login-for-another-relay', origin);
  });

  test('behind a proxy is what the operator has named, whichever certificate the proxy shows', () => {
    for (const own of [pem, null]) {
      assert.equal(codeOf('https://mig.example.org', 'a'.repeat(64), null, own), 'meant');
      assert.equal(codeOf('https://relay.example.org:8443', digest, null, own), 'login-for-another-relay');
    }
  });

  test('a proxy is known by its address, in either family', () => {
    for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::5'])
      assert.ok(isProxy(proxies, address), address);
    for (const address of ['192.0.2.8', '::1', '', undefined]) assert.ok(!isProxy(proxies, address), address);
  });
});
