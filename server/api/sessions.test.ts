/** Logging in: with the key alone, at the relay that it was signed for, and nothing to learn for strangers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { Problem } from '../../protocol/api/api.ts';
import { ChallengeResponse, toLoginBytes } from '../../protocol/session-api.ts';
import { describeRelay } from '../../tests/relay/relay-suite.ts';
import { TestInvestigator } from '../../tests/relay/test-investigator.ts';

await describeRelay('a login', (relay) => {
  const { alice } = relay;

  before(() => relay.start());

  test('a session needs the key: no token, a used challenge, another key and another signature are refused', async () => {
    const stranger = await TestInvestigator.create('Stranger');
    stranger.pointAt(relay.server.apiUrl, readFileSync(relay.server.caFile ?? '', 'utf8'));
    for (const path of ['/agents', '/actions', `/actions/${'0'.repeat(32)}/events`]) {
      const response = await stranger.call('GET', path);
      assert.equal(response.status, 401);
      assert.equal(Problem.parse(response.body).code, 'session-required');
      assert.equal(response.headers['content-type'], 'application/problem+json');
    }
    const codeOfLogin = async (who: TestInvestigator, change: object): Promise<[number, string]> => {
      const request = await who.toSessionRequest(await who.newLogin());
      return alice.refusalOf('POST', '/sessions', { ...request, ...change });
    };
    const refused = [401, 'login-refused'];
    assert.deepEqual(await codeOfLogin(stranger, {}), refused);
    assert.deepEqual(await codeOfLogin(stranger, { fingerprint: alice.fingerprint }), refused);
    const login = await alice.newLogin();
    const { fingerprint } = alice;
    const byStranger = await stranger.sign(toLoginBytes(login));
    assert.deepEqual(
      await alice.refusalOf('POST', '/sessions', { ...login, fingerprint, signature: byStranger }),
      refused,
    );
    const withoutContext = await alice.sign(toLoginBytes(login).subarray('mig session v4\n'.length));
    assert.deepEqual(
      await alice.refusalOf('POST', '/sessions', { ...login, fingerprint, signature: withoutContext }),
      refused,
    );
    for (const change of [{ challenge: 'c'.repeat(115) }, { origin: 'https://other.example.org' }])
      assert.deepEqual(await codeOfLogin(alice, change), refused);
    const request = await alice.toSessionRequest(login);
    assert.equal((await alice.call('POST', '/sessions', request)).status, 201);
    assert.deepEqual(await alice.refusalOf('POST', '/sessions', request), refused);
    stranger.close();
  });

  test('a login that was signed for another relay or another certificate is refused by name', async () => {
    const cases = [
      ['login-for-another-relay', { origin: 'https://other.example.org' }],
      ['login-for-another-relay', { origin: 'https://localhost.example.org:8443' }],
      ['login-for-another-relay', { origin: relay.server.apiUrl.replace('https:', 'http:') }],
      ['login-certificate-differs', { certificate: 'a'.repeat(64) }],
    ] as const;
    for (const [code, change] of cases) {
      const request = await alice.toSessionRequest({ ...(await alice.newLogin()), ...change });
      assert.deepEqual(await alice.refusalOf('POST', '/sessions', request), [403, code], JSON.stringify(change));
    }
  });

  test('a stranger gets what a known key gets, until the signature is asked for', async () => {
    const stranger = await TestInvestigator.create('Stranger');
    stranger.pointAt(relay.server.apiUrl, readFileSync(relay.server.caFile ?? '', 'utf8'));
    const ask = (fingerprint: string) => stranger.call('POST', '/sessions/challenges', { fingerprint });
    const shapes = [];
    for (const { fingerprint } of [alice, stranger]) {
      const { status, headers, body } = await ask(fingerprint);
      const { challenge } = ChallengeResponse.parse(body);
      shapes.push([status, Object.keys(headers).sort(), challenge.length]);
    }
    assert.deepEqual(shapes[0], shapes[1]);
    stranger.close();
  });

  test('whoever asks for sessions without end is slowed down', async () => {
    const stranger = await TestInvestigator.create('Stranger');
    stranger.pointAt(relay.server.apiUrl, readFileSync(relay.server.caFile ?? '', 'utf8'));
    const { fingerprint } = stranger;
    const statuses = await Promise.all(
      Array.from(
        { length: 80 },
        async () => (await stranger.call('POST', '/sessions/challenges', { fingerprint })).status,
      ),
    );
    assert.ok(statuses.includes(429));
    // Nobody else behind the same proxy is.
    await alice.logIn();
    stranger.close();
  });
});
