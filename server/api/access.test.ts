/** Who may do what: roles, tokens for programs, the end of sessions, and that every server knows at once. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { toSignedBytes } from '../../protocol/action/envelope.ts';
import {
  InvestigatorRecord,
  InvestigatorsResponse,
  TokenCreated,
  TokensResponse,
} from '../../protocol/api/access-api.ts';
import { ProposalDetail } from '../../protocol/api/proposal-api.ts';
import { describeRelay } from '../../tests/relay/relay-suite.ts';
import { TestInvestigator } from '../../tests/relay/test-investigator.ts';
import { eventually } from '../../tools/lab/eventually.ts';
import { SimulatedAgent } from '../../tools/lab/simulated-agent.ts';
import type { RunningServer } from '../server.ts';

await describeRelay('access', (relay) => {
  const { alice, bench } = relay;
  const hasSeveral = bench.settings.databaseUrl !== null;
  /** The same one where there can be only one. */
  let servers: [RunningServer, RunningServer];
  let root: TestInvestigator;
  let carol: TestInvestigator;
  const extra: RunningServer[] = [];

  before(async () => {
    root = await TestInvestigator.create('Root');
    carol = await TestInvestigator.create('Carol');
    bench.admit('root', root, 'admin');
    const first = await bench.start();
    servers = [first, hasSeveral ? await bench.start() : first];
    bench.point(root, servers[0]);
    await root.logIn();
    await alice.logIn();
  });
  after(async () => {
    for (const investigator of [root, carol]) investigator.close();
    for (const server of new Set([...servers, ...extra])) await server.close();
  });

  async function setRole(name: string, change: object): Promise<void> {
    const response = await root.call('PATCH', `/investigators/${name}`, change);
    assert.equal(response.status, 200, JSON.stringify(response.body));
  }

  test('an admin lets somebody in, with a key that is fit for it, and every server knows', async () => {
    bench.point(carol, servers[1]);
    await assert.rejects(carol.logIn());
    const creation = { name: 'carol', publickey: carol.armoredPublicKey, role: 'observer' };
    assert.equal(await alice.codeOf('POST', '/investigators', creation), 'not-allowed');
    assert.equal(await root.codeOf('POST', '/investigators', { ...creation, publickey: 'x' }), 'key-unreadable');
    const created = await root.call('POST', '/investigators', creation);
    assert.equal(InvestigatorRecord.parse(created.body).fingerprint, carol.fingerprint);
    assert.equal(await root.codeOf('POST', '/investigators', creation), 'investigator-exists');
    assert.equal(await root.codeOf('POST', '/investigators', { ...creation, name: 'x' }), 'investigator-exists');
    await eventually(async () => logsIn(carol));
    const { investigators } = InvestigatorsResponse.parse((await carol.call('GET', '/investigators')).body);
    assert.deepEqual(
      investigators.map(({ name, role }) => `${name} ${role}`),
      ['alice investigator', 'carol observer', 'root admin'],
    );
  });

  test('an observer reads, an investigator asks, and only an admin manages', async () => {
    const submission = await carol.newSubmission(carol.newAction());
    const changes: readonly [string, string, unknown][] = [
      ['POST', '/actions', submission],
      ['POST', `/actions/${'0'.repeat(32)}/cancel`, undefined],
      ['POST', '/proposals', submission],
    ];
    for (const [method, path, body] of changes) assert.equal(await carol.codeOf(method, path, body), 'not-allowed');
    for (const path of ['/agents', '/actions', '/proposals', '/investigators', '/tokens'])
      assert.equal(await carol.codeOf('GET', path), '200', path);
    assert.equal(await carol.codeOf('POST', '/agents/search', {}), '200');
    await setRole('carol', { role: 'investigator' });
    await eventually(async () => logsIn(carol));
    assert.equal(await carol.codeOf('POST', '/actions', submission), '201');
    assert.equal(await carol.codeOf('PATCH', '/investigators/alice', { disabled: true }), 'not-allowed');
    assert.equal(await root.codeOf('PATCH', '/investigators/nobody', { disabled: true }), 'not-found');
    assert.equal(await root.codeOf('PATCH', '/investigators/root', { role: 'observer' }), 'not-allowed');
  });

  test('an admin cancels the actions of others', async () => {
    const { id } = await alice.submit();
    assert.equal(await root.codeOf('POST', `/actions/${id}/cancel`), '202');
  });

  const logsIn = (who: TestInvestigator): Promise<boolean> =>
    who.logIn().then(
      () => true,
      () => false,
    );

  async function assertOut(...ended: TestInvestigator[]): Promise<void> {
    for (const who of ended) {
      await eventually(async () => (await who.codeOf('GET', '/agents')) === 'session-required');
      assert.equal(await who.codeOf('GET', '/agents'), 'session-required');
    }
  }

  /** The end of a stream that somebody follows at the other server. */
  async function followed(who: TestInvestigator): Promise<() => Promise<void>> {
    const agent = new SimulatedAgent();
    await bench.connectAgent(servers[0], agent);
    await agent.sendHeartbeat();
    await eventually(async () => (await alice.codeOf('GET', `/agents/${agent.id}`)) === '200');
    const action = await alice.submit({ target: `id = '${agent.id}'` });
    const { command, acknowledge } = await agent.waitForCommand(0);
    const reader = await who.follow(action.id);
    await reader.until('progress');
    return async () => {
      await agent.sendResult(command);
      acknowledge();
      let event = await reader.next();
      while (event?.event === 'progress') event = await reader.next();
      assert.equal(event, null, `after the end: ${JSON.stringify(event)}`);
      await agent.close();
    };
  }

  test('who is disabled is out at once, everywhere, and stays out until the next login', async () => {
    const token = await newToken(carol);
    const assertEnded = await followed(carol);
    await setRole('carol', { disabled: true });
    await assertOut(carol, token);
    await assertEnded();
    assert.ok(!(await logsIn(carol)));
    await setRole('carol', { disabled: false });
    await eventually(async () => logsIn(root));
    await assertOut(carol, token);
    await eventually(async () => logsIn(carol));
    assert.equal(await carol.codeOf('GET', '/agents'), '200');
  });

  test('another role is given with the next login', async () => {
    const token = await newToken(carol);
    const assertEnded = await followed(carol);
    await setRole('carol', { role: 'observer' });
    await assertOut(carol, token);
    await assertEnded();
    await eventually(async () => logsIn(carol));
    // What changes nothing ends nothing.
    await setRole('carol', { role: 'observer', disabled: false });
    assert.equal(await carol.codeOf('GET', '/agents'), '200');
    await setRole('carol', { role: 'investigator' });
    await assertOut(carol);
    await eventually(async () => logsIn(carol));
  });

  test('a proposal goes with who made it, a signature with who gave it', async () => {
    const submit = async (who: TestInvestigator) => {
      const action = who.newAction();
      assert.equal(await who.codeOf('POST', '/proposals', await who.newSubmission(action)), '201');
      return action;
    };
    const [made, signed] = [await submit(carol), await submit(alice)];
    const signature = await carol.sign(toSignedBytes(signed));
    assert.equal(await carol.codeOf('POST', `/proposals/${signed.id}/signatures`, { signature }), '201');
    await setRole('carol', { disabled: true });
    assert.equal(await alice.codeOf('GET', `/proposals/${made.id}`), 'not-found');
    const { body } = await alice.call('GET', `/proposals/${signed.id}`);
    assert.deepEqual(
      ProposalDetail.parse(body).signers.map(({ investigator }) => investigator),
      ['alice'],
    );
    await setRole('carol', { disabled: false });
    await eventually(async () => logsIn(carol));
  });

  test('with another key of the same person, the session, token and stream of the old one are over', async () => {
    const newer = await TestInvestigator.create('Dan again');
    const dan = await TestInvestigator.create('Dan');
    bench.admit('dan', dan);
    const admitted = await restart();
    bench.point(dan, admitted);
    await eventually(async () => logsIn(dan));
    const token = await newToken(dan);
    bench.admit('dan', newer);
    bench.point(newer, await restart());
    for (const who of [dan, token]) bench.point(who, servers[0]);
    await assertOut(dan, token);
    await eventually(async () => logsIn(newer));
    await assertOut(dan, token);
    for (const who of [dan, newer]) who.close();
  });

  /** One more where there can be several, which reads the operator's folder; else the one again. */
  async function restart(): Promise<RunningServer> {
    if (!hasSeveral) await servers[0].close();
    const started = await bench.start();
    if (hasSeveral) extra.push(started);
    else servers = [started, started];
    for (const who of [root, carol]) bench.point(who, started);
    return started;
  }

  async function newToken(owner: TestInvestigator, days = 1): Promise<TestInvestigator> {
    const { token } = TokenCreated.parse((await owner.call('POST', '/tokens', { name: 'a test', days })).body);
    const program = await TestInvestigator.create('Program');
    bench.point(program, servers[1]);
    program.token = token;
    return program;
  }

  test('a token reads and does nothing else, also when its owner is an admin, until it is taken back', async () => {
    const program = await newToken(root);
    assert.ok(program.token.startsWith('mig_'));
    assert.equal(await program.codeOf('GET', '/agents'), '200');
    for (const [method, path, body] of [
      ['POST', '/actions', await root.newSubmission(root.newAction())],
      ['POST', '/tokens', { name: 'another' }],
      ['GET', '/tokens', undefined],
      ['PATCH', '/investigators/alice', { disabled: true }],
      ['DELETE', '/sessions/current', undefined],
    ] as const)
      assert.equal(await program.codeOf(method, path, body), 'not-allowed', path);
    const listed = await root.call('GET', '/tokens');
    assert.ok(!JSON.stringify(listed.body).includes(program.token));
    const mine = TokensResponse.parse(listed.body).tokens.find(({ investigator }) => investigator === 'root');
    assert.ok(mine);
    assert.equal(await alice.codeOf('DELETE', `/tokens/${mine.id}`), 'not-found');
    assert.ok(!JSON.stringify((await alice.call('GET', '/tokens')).body).includes(mine.id));
    assert.equal(await root.codeOf('DELETE', `/tokens/${mine.id}`), '204');
    await eventually(async () => (await program.codeOf('GET', '/agents')) === 'session-required');
    for (const days of [0, 366, 1.5])
      assert.equal(await root.codeOf('POST', '/tokens', { name: 'x', days }), 'bad-request');
  });

  test('logging out ends the session on every server', async () => {
    const elsewhere = await TestInvestigator.create('Alice elsewhere');
    bench.point(elsewhere, servers[0]);
    elsewhere.token = alice.token;
    assert.equal(await elsewhere.codeOf('GET', '/agents'), '200');
    assert.equal(await alice.codeOf('DELETE', '/sessions/current'), '204');
    assert.equal(await alice.codeOf('GET', '/agents'), 'session-required');
    await eventually(async () => (await elsewhere.codeOf('GET', '/agents')) === 'session-required');
    elsewhere.close();
    await alice.logIn();
  });
});
