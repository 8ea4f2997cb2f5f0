import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exitCodes } from '../cli/exit-codes.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';
import { countsOf } from './follow.ts';

const summary = {
  id: '1'.repeat(32),
  name: 'log4j',
  target: 'all',
  validfrom: '2026-01-31T07:00:00Z',
  expireafter: '2026-01-31T08:00:00Z',
  created: '2026-01-31T07:00:00Z',
  investigator: 'alice',
  cancelled: null,
  counts: countsOf('succeeded', 3),
};

let platform: ToyPlatform;
let asked: URLSearchParams;
let listed: readonly (typeof summary)[];

before(async () => {
  platform = await startToyPlatform();
  platform.relay.script.override = (request, response) => {
    const url = new URL(request.url ?? '', platform.relay.url);
    if (!url.pathname.endsWith('/actions')) return false;
    asked = url.searchParams;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ actions: listed, next: null }));
    return true;
  };
});
after(() => platform.close());

describe('mig actions', () => {
  it('asks the relay for a name, an investigator and a span of time', async () => {
    listed = [summary];
    const span = ['-since', '2026-01-30', '-until', '2026-01-31T07:00:01Z'];
    const { exitCode, lines } = await platform.mig('actions', '-name', 'log4j', '-investigator', 'alice', ...span);
    assert.equal(exitCode, exitCodes.found);
    assert.deepEqual(Object.fromEntries(asked), {
      limit: '50',
      name: 'log4j',
      investigator: 'alice',
      since: '2026-01-30T00:00:00Z',
      until: '2026-01-31T07:00:01Z',
    });
    assert.match(lines.at(-2) ?? '', /^out: 1{32} {2}2026-01-31T07:00:00Z {2}alice {2}3\/3 {3}all {5}log4j$/);
  });

  it('counts a duration back from now', async () => {
    const beforeMs = Date.now();
    await platform.mig('actions', '-since', '1d12h');
    const sinceMs = Date.parse(asked.get('since') ?? '');
    const agoMs = 36 * 3_600_000;
    assert.ok(sinceMs >= beforeMs - agoMs - 1000 && sinceMs <= Date.now() - agoMs);
  });

  it('says that there are none', async () => {
    listed = [];
    const { exitCode, lines } = await platform.mig('actions');
    assert.equal(exitCode, exitCodes.nothingFound);
    assert.deepEqual(lines, ['err: 0 actions']);
  });

  for (const time of ['yesterday', '2026-02-31', '2026-1-1', '', '9999d'])
    it(`refuses ${JSON.stringify(time)} as a time`, () =>
      assert.rejects(platform.mig('actions', '-since', time), { code: 'usage' }));
});
