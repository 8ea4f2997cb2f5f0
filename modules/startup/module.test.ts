/** What starts by itself, from the files of a host to the answer. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { linesOf } from '../kit/testing/ask.ts';
import { makeHost } from '../kit/testing/host.ts';
import { module } from './module.ts';
import { askerOfHost } from './testing/host.ts';

const host = makeHost({ '/etc/systemd/system/backup.service': '[Service]\nExecStart=/bin/true\n' });
const { ask } = askerOfHost(host);

it('a unit is listed by its name', async () => {
  const { hits } = await ask({ kinds: ['service'], names: ['^backup'] });
  assert.deepEqual(
    hits.map(({ name, path }) => [name, path]),
    [['backup.service', host.at('/etc/systemd/system/backup.service')]],
  );
});

it('an entry is printed in one line', () => {
  const entry = {
    kind: 'cron',
    name: 'job',
    path: '/etc/cron.d/job',
    line: 3,
    state: ['enabled', 'missing'],
    trigger: 'timer',
    schedule: '5 4 * * *',
    user: 'root',
    command: '/usr/local/bin/job --all',
    target: '/usr/local/bin/job',
    override: ['/etc/a', '/etc/b'],
  };
  assert.deepEqual(linesOf(module, { s1: [entry] }), [
    'cron job [state:enabled missing, trigger:timer, schedule:5 4 * * *, user:root, command:/usr/local/bin/job --all, target:/usr/local/bin/job, override:/etc/a /etc/b, path:/etc/cron.d/job, line:3]',
  ]);
});

it('entries beyond a hundred thousand are left out, which the receipt says', { timeout: 120_000 }, async () => {
  const table = '* * * * * root /bin/x\n'.repeat(10_000);
  const tables = Array.from({ length: 11 }, (_, at) => [`/etc/cron.d/t${at}`, table] as const);
  const { statistics, receipt } = await askerOfHost(makeHost(Object.fromEntries(tables))).ask({ names: ['^$'] });
  assert.equal(statistics.examined, 100_000);
  assert.deepEqual(receipt.skipped, [{ reason: 'size-limit', count: 1 }]);
});
