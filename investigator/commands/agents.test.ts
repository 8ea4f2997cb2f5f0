import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exitCodes } from '../cli/exit-codes.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';

let platform: ToyPlatform;
const agent = {
  ...{ id: 'a'.repeat(64), name: 'web1', queueloc: 'linux.web1', mode: 'daemon', version: '1.2.3', status: 'online' },
  ...{ starttime: '2026-01-31T07:00:00Z', heartbeattime: '2026-01-31T08:00:00Z', clones: [] },
  environment: { os: 'linux', addresses: ['10.0.0.1/8', '::1/128'] },
  tags: { team: 'web' },
};

before(async () => {
  platform = await startToyPlatform();
  platform.relay.script.override = (request, response) => {
    if (request.url?.endsWith('/agents/search') !== true) return false;
    response.end(JSON.stringify({ agents: [agent], total: 1, next: null }));
    return true;
  };
});
after(() => platform.close());

describe('mig agents', () => {
  it('prints the columns that targets have', async () => {
    const names = 'name,environment.os,environment.addresses,tags.team,heartbeattime';
    const { exitCode, lines } = await platform.mig('agents', '-columns', names);
    assert.equal(exitCode, exitCodes.found);
    const cells = lines.filter((line) => line.startsWith('out: ')).map((line) => line.slice(5).split(/ {2,}/));
    assert.deepEqual(cells, [names.split(','), ['web1', 'linux', '10.0.0.1/8 ::1/128', 'web', '2026-01-31T08:00:00Z']]);
  });

  it('says which keys there are when no agent has one', async () => {
    const { lines } = await platform.mig('agents', '-columns', 'name,environment.oss');
    assert.ok(
      lines.includes(
        'err: no agent here has environment.oss; there are environment.addresses, environment.os, tags.team',
      ),
      lines.join('\n'),
    );
  });

  it('refuses other columns, and names those that there are', async () => {
    for (const columns of ['nmae', 'environment', 'tags.', ''])
      await assert.rejects(platform.mig('agents', '-columns', columns), {
        code: 'usage',
        hint: /heartbeattime, environment\.KEY/,
      });
    await assert.rejects(platform.mig('agents', '-columns', 'name', '-f', 'json'), { code: 'usage' });
  });
});
