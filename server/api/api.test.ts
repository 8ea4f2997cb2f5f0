/** The API as its clients meet it: logging in, listing, and everything that it refuses. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { toWrappedReplyKeyDigest } from '../../protocol/action/wrapped-reply-key.ts';
import { ActionDetail, ActionsResponse, AgentRecord, AgentsResponse, noCounts } from '../../protocol/api/api.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { describeRelay } from '../../tests/relay/relay-suite.ts';
import { TestInvestigator } from '../../tests/relay/test-investigator.ts';

await describeRelay('the API', (relay) => {
  const { alice, bench } = relay;

  before(() => relay.start());

  test('the action that is kept and listed is the one that was sent', async () => {
    const earlier = await alice.submit();
    const action = alice.newAction();
    const submission = await alice.newSubmission(action);
    assert.equal((await alice.call('POST', '/actions', submission)).status, 201);
    const detail = ActionDetail.parse((await alice.call('GET', `/actions/${action.id}`)).body);
    assert.deepEqual(detail.envelope, submission.envelope);
    assert.equal(detail.wrappedreplykey, submission.wrappedreplykey);
    assert.equal(detail.investigator, 'alice');
    assert.deepEqual(detail.counts, noCounts);
    const { actions } = ActionsResponse.parse((await alice.call('GET', '/actions?limit=1')).body);
    assert.equal(actions[0]?.id, action.id);
    const second = ActionsResponse.parse((await alice.call('GET', `/actions?limit=1000&before=${action.id}`)).body);
    assert.deepEqual(
      second.actions.map(({ id }) => id),
      [earlier.id],
    );
    assert.equal(second.next, null);
    assert.equal((await (await alice.follow(action.id)).until('end')).event, 'end');
  });

  test('agents are listed by target, in pages', async () => {
    const tags = { team: `listed-${bench.name}` };
    const ids = (await Promise.all([relay.newAgent({ tags }), relay.newAgent({ tags }), relay.newAgent({ tags })])).map(
      ({ id }) => id,
    );
    const target = encodeURIComponent(`online AND tags->>'team' = '${tags.team}'`);
    const first = AgentsResponse.parse((await alice.call('GET', `/agents?target=${target}&limit=2`)).body);
    assert.equal(first.total, 3);
    assert.equal(first.agents[0]?.status, 'online');
    assert.deepEqual(first.agents[0]?.environment.addresses, ['192.0.2.1']);
    const second = AgentsResponse.parse(
      (await alice.call('GET', `/agents?target=${target}&limit=2&after=${first.next}`)).body,
    );
    assert.equal(second.next, null);
    assert.deepEqual(
      [...first.agents, ...second.agents].map(({ id }) => id),
      [...ids].sort(),
    );
  });

  test('one agent is read by its id', async () => {
    const agent = await relay.newAgent({ tags: { team: 'read' } });
    const record = AgentRecord.parse((await alice.call('GET', `/agents/${agent.id}`)).body);
    assert.deepEqual(record.tags, { team: 'read' });
    assert.deepEqual(record.clones, []);
    assert.deepEqual(await alice.refusalOf('GET', `/agents/${'0'.repeat(64)}`), [404, 'not-found']);
    assert.deepEqual(await alice.refusalOf('GET', '/agents/web1'), [400, 'bad-request']);
  });

  test('every address has its limit of requests', async () => {
    assert.equal((await alice.call('GET', '/status')).headers['x-ratelimit-limit'], '30000');
    assert.equal((await alice.call('GET', '/actions')).headers['x-ratelimit-limit'], '30000');
  });

  test('agents are searched for with a target that is longer than a URL', async () => {
    const agent = await relay.newAgent();
    const others = Array.from({ length: 900 }, (_, index) => index.toString(16).padStart(64, '0'));
    const target = `id IN (${[...others, agent.id].map((id) => `'${id}'`).join(', ')})`;
    const { status, body } = await alice.call('POST', '/agents/search', { target, limit: 10 });
    assert.equal(status, 200);
    assert.deepEqual(
      AgentsResponse.parse(body).agents.map(({ id }) => id),
      [agent.id],
    );
    await alice.submit({ target });
    await agent.waitForCommand(0);
  });

  test('actions are searched for by a part of the name, the investigator and the time', async () => {
    const { id } = await alice.submit({ name: 'Log4j 100%_sure' });
    const search = async (query: Record<string, string>): Promise<string[]> => {
      const { body } = await alice.call('GET', `/actions?${new URLSearchParams({ limit: '1000', ...query })}`);
      return ActionsResponse.parse(body).actions.map((action) => action.id);
    };
    const [past, future] = [-60_000, 60_000].map((ms) => toInstant(Date.now() + ms));
    assert.ok(past !== undefined && future !== undefined);
    for (const query of [{ name: 'log4J' }, { name: '0%_s' }, { name: 'Log', since: past, until: future }])
      assert.deepEqual(await search(query), [id], JSON.stringify(query));
    assert.ok((await search({ investigator: 'alice' })).includes(id));
    for (const query of [{ name: '%___' }, { investigator: 'bob' }, { since: future }, { until: past }])
      assert.deepEqual(await search(query), [], JSON.stringify(query));
    assert.deepEqual(await alice.refusalOf('GET', '/actions?since=yesterday'), [400, 'bad-request']);
    // A page that is full, and the last.
    const { body } = await alice.call('GET', '/actions?limit=1&name=log4j');
    assert.equal(ActionsResponse.parse(body).next, null);
  });

  test('what is not an action by this investigator, now and for the first time, is refused with its code', async () => {
    const mallory = await TestInvestigator.create('Mallory');
    const nowMs = Date.now();
    const valid = await alice.newSubmission(alice.newAction());
    const altered = Buffer.from(valid.envelope.payload, 'base64');
    altered[altered.length - 2] = (altered[altered.length - 2] ?? 0) ^ 1;
    const notJson = Buffer.from('mig action v3\n{"name": "not canonical"}');
    const cases: [number, string, unknown][] = [
      [403, 'not-signed-by-session', await mallory.newSubmission(alice.newAction())],
      [422, 'signed-later', await alice.newSubmission(alice.newAction(), new Date(Date.now() + 3_600_000))],
      [
        403,
        'not-signed-by-session',
        { ...valid, envelope: { ...valid.envelope, payload: altered.toString('base64') } },
      ],
      [403, 'not-signed-by-session', { ...valid, envelope: { ...valid.envelope, signatures: ['garbage'] } }],
      [
        422,
        'malformed',
        { ...valid, envelope: { payload: notJson.toString('base64'), signatures: [await alice.sign(notJson)] } },
      ],
      [422, 'action-expired', await alice.newSubmission(alice.newAction({ expireafter: toInstant(nowMs - 1000) }))],
      [
        422,
        'action-not-yet-valid',
        await alice.newSubmission(alice.newAction({ validfrom: toInstant(nowMs + 120_000) })),
      ],
      [
        422,
        'target-malformed',
        await alice.newSubmission(alice.newAction({ target: "name = 'x'; DROP TABLE agents" })),
      ],
      [422, 'malformed', await alice.newSubmission(alice.newAction({ name: 'nul\0' }))],
      [
        422,
        'malformed',
        {
          ...(await alice.newSubmission(alice.newAction({ wrappedreplykeydigest: toWrappedReplyKeyDigest('nul\0') }))),
          wrappedreplykey: 'nul\0',
        },
      ],
      [400, 'bad-request', { ...valid, extra: 1 }],
      [400, 'bad-request', { ...valid, envelope: { ...valid.envelope, signatures: [] } }],
      [400, 'bad-request', '{"not json'],
      [413, 'too-large', { ...valid, wrappedreplykey: 'x'.repeat(1024 * 1024) }],
    ];
    for (const [status, code, body] of cases)
      assert.deepEqual(await alice.refusalOf('POST', '/actions', body), [status, code]);
    assert.equal((await alice.call('POST', '/actions', valid)).status, 201);
    assert.deepEqual(await alice.refusalOf('POST', '/actions', valid), [409, 'action-exists']);
    assert.deepEqual(await alice.refusalOf('GET', `/actions/${'0'.repeat(32)}`), [404, 'not-found']);
    assert.deepEqual(await alice.refusalOf('GET', `/actions/${'0'.repeat(32)}/events`), [404, 'not-found']);
    assert.deepEqual(await alice.refusalOf('GET', `/actions/${'0'.repeat(32)}/reports`), [404, 'not-found']);
    assert.deepEqual(await alice.refusalOf('GET', '/nowhere'), [404, 'not-found']);
    assert.deepEqual(await alice.refusalOf('GET', '/agents?target=nonsense'), [422, 'target-malformed']);
    const nul = encodeURIComponent("name = 'nul\0'");
    assert.equal((await alice.refusalOf('GET', `/agents?target=${nul}`))[0], 422);
  });

  test('the status is there without a session; what the API is and its version are not', async () => {
    const token = alice.token;
    alice.token = '';
    const status = await alice.call('GET', '/status');
    for (const path of ['/openapi.json', '/version'])
      assert.deepEqual(await alice.refusalOf('GET', path), [401, 'session-required']);
    alice.token = token;
    const { body } = await alice.call('GET', '/openapi.json');
    assert.ok('/api/v1/actions' in (body as { paths: object }).paths);
    assert.deepEqual(status.body, { database: true, broker: true });
  });
});
